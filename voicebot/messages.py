"""The sentence for each error code: what went wrong and what the person can do about it.

A sentence may name the error's details, as in ``{limit_seconds}``.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from voicebot.errors import AppError

MESSAGES: dict[str, Promise | str] = {
    "internal_error": _("Something went wrong on our side. Nothing was changed; please try again."),
    "invalid_input": _("The request is not complete or not right. See the fields."),
    "not_found": _("There is nothing like that here, or it is not yours."),
    "not_signed_in": _("Please sign in, or send your API token."),
    "not_allowed": _("You may not do that."),
    "rate_limited": _("That was too much at once. Please wait {retry_after} seconds and try again."),
    "method_not_allowed": _("This address does not do that. See the documentation for what it does."),
    "media_type_unsupported": _("Please send JSON or a multipart form."),
    "not_acceptable": _("This address answers in JSON only."),
    "request_too_large": _("The request is too large. Please send at most {limit_megabytes} MB."),
    "message_invalid": _("This message is not part of the protocol: {problem}"),
    "messages_invalid": _("Too many messages were not part of the protocol, so the connection was closed."),
    "hello_invalid": _("This connection cannot be served as asked for: {problem}"),
    "hello_expected": _("Please send “hello” before anything else."),
    "hello_repeated": _("“hello” was sent already."),
    "frame_too_large": _("That was too much in one message."),
    "frame_incomplete": _("The sound must be whole 16-bit samples."),
    "sound_too_fast": _("The sound came faster than anyone speaks."),
    "connections_too_many": _("You connected too often. Please wait a minute."),
    "connection_idle": _("Nothing was said for a while, so the connection was closed."),
    "token_not_found": _("There is no such token, or it is not yours."),
    "scope_missing": _("Your token may not do that: it was made without “{scope}”. Please make one that may."),
    "too_many_tokens": _("You have {limit} tokens. Please take one back first."),
    "sign_up_closed": _("Nobody can sign up here without an invitation. Please ask whoever runs this server."),
    "sign_up_invitation_invalid": _("This invitation does not work any more. Please ask for a new one."),
    "second_factor_required": _("Please give the code of your authenticator app, or a recovery code, as well."),
    "second_factor_wrong": _("That code is not right, or it was used. Please wait for the next one and try again."),
    "address_link_invalid": _("This link does not work any more. Please ask for a new one on your account page."),
    "audio_empty": _("The recording is empty. Please record it again."),
    "audio_too_large": _("The recording is too large. Please send at most {limit_megabytes} MB."),
    "speech_not_made": _("The answer could not be spoken."),
    "audio_too_long": _("The recording is too long. Please send at most {limit_seconds} seconds."),
    "audio_format_unsupported": _(
        "This is not a sound file that we know. Please send OGG, WebM, MP3, M4A, WAV, FLAC, AMR, 3GP or MP4."
    ),
    "audio_is_playlist": _("This file is a list of other files, not a recording. Please send the recording itself."),
    "audio_damaged": _("The recording is damaged and cannot be played. Please record it again."),
    "audio_decode_timed_out": _("Reading the recording took too long. Please send a shorter or simpler one."),
    "decoder_missing": _("The server has no ffmpeg, so it cannot read recordings. Please type, or tell the operator."),
    "no_speech": _("I heard nothing that sounds like words. Please speak closer to the microphone."),
    "text_empty": _("There is nothing to read. Please type what you want done."),
    "text_too_long": _("The text is too long. Please send at most {limit_characters} characters at once."),
    "idempotency_key_reused": _("This Idempotency-Key was used for another request. Please use a new one."),
    "version_changed": _("This was changed since you looked. Please look again and decide anew."),
    "push_off": _("This installation sends no notifications to browsers."),
    "push_subscription_invalid": _("The browser's keys are not complete. Please switch notifications on again."),
    "push_subscription_not_found": _("There is no such browser, or it is not yours."),
    "push_action_invalid": _("This button is too old or not yours. Please open the task."),
    "push_unreachable": _("The browser's push service did not answer."),
    "push_refused": _("The browser's push service did not take the notification."),
    "push_interrupted": _("A notification was interrupted while it was sent."),
    "push_switched_off": _("Notifications were switched off before this one was sent."),
    "question_closed": _("That question is no longer open. Please say again what you want."),
    "command_not_found": _("There is no such voice command, or it is not yours."),
    "session_not_found": _("There is no such conversation, or it is not yours."),
    "command_not_retryable": _("Only a command that failed and whose recording is kept can be tried again."),
    "command_given_up": _("This did not work after several tries. Nothing was changed; please say it again."),
    "recording_unreadable": _("The recording is no longer kept."),
    "speech_timed_out": _("Listening took too long. Please try again, or send a shorter note."),
    "speech_engine_missing": _("No speech engine is installed for this language. Please type, or tell the operator."),
    "provider_failed": _("The service for this did not answer properly. Please try again in a moment."),
    "provider_key_refused": _("The service for this refuses the installation's key. Please tell the operator."),
    "provider_quota_spent": _("The installation's credit with the service is spent. Please tell the operator."),
    "provider_model_missing": _("The service does not know the model that is set. Please tell the operator."),
    "provider_request_refused": _("The service does not accept this. Please say it in another way."),
    "provider_rate_limited": _("The service is asked too often just now. Please try again in a moment."),
    "provider_overloaded": _("The service has too much to do just now. Please try again in a moment."),
    "provider_unreachable": _("The service for this cannot be reached just now. Please try again in a moment."),
    "provider_timed_out": _("The service took too long to answer. Please try again in a moment."),
    "provider_answer_unusable": _("The service gave no answer that can be used. Please say it in another way."),
    "provider_paused": _("The service failed several times and rests for a moment. Please try again soon."),
    "provider_off_for_person": _("The service for this is switched off for you. Please ask the operator about it."),
    "provider_budget_spent": _("What may be spent on services is spent for now; the program goes on without them."),
    "model_unknown": _("There is no speech model “{name}”. `manage.py providers fetch` lists those that there are."),
    "model_licence_not_accepted": _(
        "“{name}” is under the {licence}, which does not allow every use: read {address}, and add --accept-licence."
    ),
    "model_fetch_running": _("“{name}” is being fetched already. Please wait until that has ended."),
    "model_source_unreachable": _(
        "{host} cannot be reached, or the connection broke. The same command goes on where this one stopped."
    ),
    "model_not_at_source": _("{host} does not have this model. Please look at MODEL_SOURCE_URL."),
    "model_source_failed": _("{host} does not give the model (status {status}). Please try again later."),
    "model_redirect_refused": _("{host} sends to {target}, which is not trusted. Please look at MODEL_SOURCE_URL."),
    "model_size_wrong": _("{file} does not have the size that it should have, so nothing was kept."),
    "model_checksum_wrong": _("{file} is not the file that was published, so nothing was kept. Please try again."),
    "model_checksum_unknown": _(
        "Nobody says what {file} should be, so nothing was kept. Please set MODEL_SOURCE_URL to the original."
    ),
    "model_disk_full": _("The model needs {needed_megabytes} MB of room, and {free_megabytes} MB are free."),
    "model_folder_unwritable": _("{folder} cannot be written to. Please give this account the right to."),
    "task_not_found": _("There is no such task here, or it is not yours."),
    "project_not_found": _("There is no such project here, or it is not yours."),
    "person_not_found": _("There is nobody of that name here to whom you can give a task."),
    "label_not_found": _("There is no such label, or it is not yours."),
    "comment_not_found": _("There is no such comment, or you may not see it."),
    "member_not_found": _("There is no such person in this project."),
    "invitation_not_found": _("Nobody has invited you to this project, or the invitation was taken back."),
    "label_name_taken": _("You already have a label called “{name}”."),
    "member_already_there": _("This person shares the project already, or has been invited."),
    "owner_must_stay": _("The person who made a project stays its owner. They can delete it instead."),
    "task_parent_invalid": _("That task cannot be the parent: it is part of this one, or lies in another project."),
    "task_nesting_too_deep": _("Tasks can have parts down to {limit} levels, no deeper."),
    "place_invalid": _("It can only go before or after one other thing in the same list."),
    "filter_invalid": _("The filter cannot be read from character {position} on. {problem}"),
    "no_next_occurrence": _("This task does not come again, so there is nothing to skip."),
    "change_set_not_found": _("There is no such change here, or it is not yours."),
    "project_name_taken": _("You have a project named “{name}” already. Please choose another name."),
    "recurrence_invalid": _("I do not understand how often that repeats. Please say it in another way."),
    "task_range_invalid": _("A task cannot end before it begins, and an end needs a due date."),
    "reminder_not_found": _("There is no such reminder here, or it is not yours."),
    "too_many_reminders": _("A task can have {limit} reminders, no more."),
    "task_title_missing": _("A task needs a title."),
    "nothing_to_undo": _("There is nothing to undo."),
    "changes_already_undone": _("That is undone already."),
    "undo_conflict": _("“{title}” was changed since, so I did not undo anything."),
    "export_not_found": _("There is no such export, or it is kept no longer. Please make a new one."),
    "export_not_ready": _("The file is not ready yet. Please try again in a moment, or make a new one."),
    "quiet_hours_incomplete": _("Quiet hours need a beginning and an end."),
    "email_unavailable": _("This installation sends no mail, or your account has no address."),
    "outward_address_refused": _("Nothing is sent from here to {host}. Please use an address on the internet."),
    "outward_url_invalid": _("This is no address to send to. It begins with https:// and may have port {ports}."),
    "outward_unreachable": _("The receiver cannot be reached. It is tried again."),
    "outward_timeout": _("The receiver did not answer in time. It is tried again."),
    "webhook_not_found": _("There is no such webhook, or it is not yours."),
    "too_many_webhooks": _("You have {limit} webhooks, and more are not possible. Please delete one."),
    "webhook_off": _("This webhook is switched off. Please switch it on first."),
    "webhook_refused": _("The receiver did not accept this. It is tried again."),
    "webhook_queue_full": _("Too much waited for the receiver, so the oldest was given up."),
    "email_unreachable": _("The mail server does not answer. The mail is tried again."),
    "email_refused": _("The mail server does not take this mail."),
    "email_interrupted": _("It is not known whether the mail arrived, so it was sent once more."),
    "email_off": _("Mail was switched off before this one was sent."),
    "unsubscribe_link_invalid": _("This link does not belong to an account here. Please copy it whole from the mail."),
    "link_code_invalid": _("This link is used up or too old. Please make a new one on the web page."),
    "import_not_found": _("There is no such import here, or it is not yours."),
    "import_already_running": _("Your last import is not done yet. Please wait until it is."),
    "import_already_started": _("This import has begun already or is at its end. You can undo it when it is done."),
    "import_file_too_large": _("The file is too large: at most {limit_megabytes} MB, unpacked too."),
    "import_too_many_rows": _("There is too much in this file: at most {limit} at a time. Please divide it."),
    "import_file_empty": _("There is no task in this file."),
    "import_format_unknown": _(
        "I do not know this kind of file. The documentation lists the programs whose files I read."
    ),
    "import_encoding_unknown": _("I cannot read the letters of this file. Please save it as UTF-8."),
    "import_file_damaged": _("This file is damaged or cut off. Please get it again from the other program."),
    "import_too_deep": _("This file is nested too deeply to be one of a task list."),
    "import_cell_too_large": _("A field of this table is too long: at most {limit} characters."),
    "import_archive_unsafe": _("This archive is encrypted or not safe to unpack."),
    "import_took_too_long": _("This file takes too long to read. Nothing was brought in. Please divide it."),
    "import_title_missing": _("This task has no title."),
    "import_row_unreadable": _("I do not understand the field “{field}” of this task."),
    "import_row_left_out": _(
        "This task was deleted or called off in the other program, or is one time of another task."
    ),
    "import_row_repeated": _("This task stands in the file twice."),
    "import_date_not_understood": _("I do not understand the date “{words}”. I put it into the notes."),
    "import_recurrence_left_out": _("I cannot keep how this task repeats."),
    "import_times_left_out": _("Its start or end does not fit its due date, so I left it out."),
    "import_reminder_left_out": _("I could not keep all of its reminders."),
    "import_text_shortened": _("Some of it is too long for a task here, so I shortened it."),
    "import_part_moved_up": _("The task that it belongs to is not there or too deep, so it stands further up."),
    "message_kind_unsupported": _("I understand voice messages, sound, videos and text. Please send one of those."),
    "document_too_large": _("The file is too large for a chat. Please fetch it on the page: /web"),
    "document_gone": _("The file was not sent, since the chat belongs to somebody else now."),
    "bot_command_unknown": _("I do not know that command. /help shows what I can do."),
    "telegram_token_refused": _("Telegram refuses the bot's token. Please tell the operator."),
    "telegram_forbidden": _("Telegram does not let the bot into this chat."),
    "telegram_refused": _("Telegram does not do what the bot asked for. Please try again."),
    "telegram_flooded": _("Telegram asks us to slow down. Please try again in a minute."),
    "telegram_conflict": _("The bot runs twice. Please tell the operator."),
    "telegram_unreachable": _("Telegram cannot be reached just now. Please try again in a minute."),
    "telegram_answer_missing": _("Telegram did not answer. Please try again in a minute."),
    "telegram_server_failed": _("Telegram has a problem of its own just now. Please try again in a minute."),
    "recording_not_there": _("Telegram no longer has this recording. Please send it again."),
}


def message_for(code: str, details: dict[str, object] | None = None) -> str:
    """The sentence for a code in the active language; unknown codes get the general one."""
    template = str(MESSAGES.get(code, MESSAGES["internal_error"]))
    try:
        return template.format(**(details or {}))
    except (KeyError, IndexError):
        return template


def message_of(error: AppError) -> str:
    """The sentence for an error in the active language."""
    return message_for(error.code, dict(error.details))
