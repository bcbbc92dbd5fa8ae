"""The one error of the launcher: its text is shown to the person at the keyboard as it is, without a traceback."""


class LaunchError(Exception):
    """Something that the person who started the command can mend; the text says what and how."""
