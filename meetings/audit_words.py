"""How a group's record reads where it met or looked for a date."""

from django.utils.translation import gettext_lazy as _

from parley.audit import words

words("poll.opened", _("A date poll was opened."))
words("poll.changed", _("A date poll was changed: answers until %(deadline)s."))
words("poll.answer_entered", _("A facilitator entered an answer to a date poll that was given by telephone."))
words("poll.chosen", _("A date was chosen in a poll (%(starts)s)."))
words("poll.cancelled", _("A date poll was cancelled."))
words("meeting.drafted", _("A meeting was drafted (%(starts)s)."))
words("meeting.announced", _("A meeting was announced (%(starts)s)."))
words("meeting.moved", _("A meeting was given another time or place (%(starts)s)."))
words("meeting.changed", _("The agenda or the notes of a meeting were changed (%(starts)s)."))
words("meeting.cancelled", _("A meeting was cancelled (%(starts)s)."))
words("meeting.letter_made", _("A letter for a meeting was made (%(letter)s)."))
words("meeting.particulars_deleted", _("What people said of their needs and passports for a meeting was deleted."))
words("programme.meeting_customs", _("The programme’s customs of meetings were changed."))
