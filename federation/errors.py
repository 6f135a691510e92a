"""What can be wrong with a remote thing.

RemoteError
├── Malformed           not what the specification says
│   └── TooLarge        beyond our limits of bytes, depth or number
├── Untrusted           origin, owner or signature do not hold
│   ├── SignatureMissing
│   ├── SignatureInvalid
│   ├── SignatureExpired
│   └── DigestMismatch
├── KeyUnavailable      the signer's key could not be had now
├── NotAllowed          an address that we do not talk to
│   └── Blocked         by a decision of moderators
├── Unreachable         no usable answer now
└── Gone                it existed and is deleted (410)
    └── Missing         it is not there (404), for now or for ever
"""


class RemoteError(Exception):
    """Root; the text is for the log and may hold remote values."""


class Malformed(RemoteError):
    """Not what the specification says."""


class TooLarge(Malformed):
    """Beyond our limits of bytes, depth or number."""


class Untrusted(RemoteError):
    """Origin, owner or signature do not hold."""


class SignatureMissing(Untrusted):
    """No signature where one is needed, or one that leaves out what must be signed."""


class SignatureInvalid(Untrusted):
    """The signature does not fit the message and the key."""


class SignatureExpired(Untrusted):
    """Signed too long ago, or in the future."""


class DigestMismatch(Untrusted):
    """The body is not the one that was signed."""


class KeyUnavailable(RemoteError):
    """The signer's key could not be had now; a retry may help."""


class NotAllowed(RemoteError):
    """An address that we do not talk to: private, local, or of a kind we do not use."""


class Blocked(NotAllowed):
    """A host that moderators decided not to talk to."""


class Unreachable(RemoteError):
    """No usable answer: time, connection, TLS, or a status that a retry may cure."""


class Gone(RemoteError):
    """It is deleted (410), or never was."""


class Missing(Gone):
    """It is not there (404): as good as deleted, but nobody said so."""
