"""What can go wrong while a model is fetched; ``details['name']`` is the model."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class ModelUnknown(AppError):
    """The catalogue has no such model."""

    code = "model_unknown"
    http_status = 404
    category = ErrorCategory.INVALID


class ModelLicenceNotAccepted(AppError):
    """Its licence does not allow every use, and nobody agreed to it; ``details``: ``licence`` and ``address``."""

    code = "model_licence_not_accepted"
    http_status = 400
    category = ErrorCategory.INVALID


class ModelFetchRunning(AppError):
    """Another process fetches the same model."""

    code = "model_fetch_running"
    http_status = 409
    category = ErrorCategory.RATE_LIMIT


class ModelSourceUnreachable(AppError):
    """No connection to the server at ``details['host']``, or it broke again without one byte more."""

    code = "model_source_unreachable"
    http_status = 503
    category = ErrorCategory.UNREACHABLE


class ModelNotAtSource(AppError):
    """The server at ``details['host']`` has no such file."""

    code = "model_not_at_source"
    http_status = 502
    category = ErrorCategory.INVALID


class ModelSourceFailed(AppError):
    """The server at ``details['host']`` answered with ``details['status']``, or with something that is no file."""

    code = "model_source_failed"
    http_status = 502
    category = ErrorCategory.SERVER


class ModelRedirectRefused(AppError):
    """The server at ``details['host']`` sends to ``details['target']``, which is not trusted."""

    code = "model_redirect_refused"
    http_status = 502
    category = ErrorCategory.BAD_RESPONSE


class ModelSizeWrong(AppError):
    """``details['file']`` is larger or smaller at the source than it should be; nothing is kept."""

    code = "model_size_wrong"
    http_status = 502
    category = ErrorCategory.BAD_RESPONSE


class ModelChecksumWrong(AppError):
    """``details['file']`` is not the published one; nothing is kept."""

    code = "model_checksum_wrong"
    http_status = 502
    category = ErrorCategory.BAD_RESPONSE


class ModelChecksumUnknown(AppError):
    """Neither the catalogue nor the source says what ``details['file']`` should be."""

    code = "model_checksum_unknown"
    http_status = 502
    category = ErrorCategory.BAD_RESPONSE


class ModelDiskFull(AppError):
    """There is no room; ``details``: ``needed_megabytes`` and ``free_megabytes``."""

    code = "model_disk_full"
    http_status = 507
    category = ErrorCategory.INVALID


class ModelFolderUnwritable(AppError):
    """``details['folder']`` cannot be written to."""

    code = "model_folder_unwritable"
    http_status = 500
    category = ErrorCategory.INVALID
