from server.store.tokens import Token
from web.streaming.channels import Channel
from web.streaming.listeners import Listeners


def token(account_id: int | None) -> Token:
    return Token(1, 1, account_id, frozenset({"read"}), 0, None)


def test_whoever_listens_is_found_by_account_and_by_channel() -> None:
    listeners = Listeners()
    first, second, other = (listeners.join(token(number)) for number in (7, 7, 8))
    user, tag, listed = Channel("user"), Channel("hashtag", "NoTa"), Channel("list", "007")
    for listener in first, second, other:
        listeners.open(listener, user)
    listeners.open(first, tag)
    listeners.open(other, listed)
    assert set(listeners.of_account(7, {"user"})) == {(first, user), (second, user)}
    assert listeners.of_account(9, {"user"}) == []
    assert listeners.on("hashtag", "nota") == [(first, tag)]
    assert listeners.on("list", "7") == [(other, listed)]
    assert (sorted(listeners.accounts()), listeners.lists()) == ([7, 8], [7])


def test_nothing_is_left_of_who_leaves() -> None:
    listeners = Listeners()
    one = listeners.join(token(7))
    listeners.open(one, Channel("user"))
    listeners.open(one, Channel("hashtag", "a"))
    listeners.close(one, Channel("hashtag", "a"))
    listeners.close(one, Channel("list", "not a number"))  # never opened
    assert listeners.on("hashtag", "a") == []
    listeners.leave(one)
    assert (len(listeners), listeners.accounts(), listeners.on("user")) == (0, [], [])
