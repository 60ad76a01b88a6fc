"""Why somebody does not come in."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class SignUpClosed(AppError):
    """This installation lets nobody sign up, or only with an invitation."""

    code = "sign_up_closed"
    http_status = 403
    category = ErrorCategory.AUTH


class SignUpInvitationInvalid(AppError):
    """The link to sign up is used, has expired, or never was one."""

    code = "sign_up_invitation_invalid"
    http_status = 404
    category = ErrorCategory.INVALID


class SecondFactorRequired(AppError):
    """The person has a second factor on, and no code was given."""

    code = "second_factor_required"
    http_status = 403
    category = ErrorCategory.AUTH


class SecondFactorWrong(AppError):
    """The code is not right, was used already, or came too soon after a wrong one."""

    code = "second_factor_wrong"
    http_status = 403
    category = ErrorCategory.AUTH


class AddressLinkInvalid(AppError):
    """The link that confirms an e-mail address has expired or is not one of ours."""

    code = "address_link_invalid"
    http_status = 404
    category = ErrorCategory.INVALID
