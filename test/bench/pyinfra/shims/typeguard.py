"""What pyinfra needs of typeguard 4, for Debian 12, which has version 2: nothing is checked, in pyinfra's favour."""


class TypeCheckError(Exception):
    pass


def check_type(value, _expected):
    return value
