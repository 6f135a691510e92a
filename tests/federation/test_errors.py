from federation import errors


def test_the_tree_is_the_one_that_is_drawn() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    for kind in kinds:
        assert issubclass(kind, errors.RemoteError)
        assert kind.__name__ in (errors.__doc__ or "")
    assert issubclass(errors.TooLarge, errors.Malformed)
    for kind in (errors.SignatureInvalid, errors.SignatureExpired, errors.DigestMismatch):
        assert issubclass(kind, errors.Untrusted)
