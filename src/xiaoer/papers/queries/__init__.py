"""Questions about papers."""

from xiaoer.papers.queries.checked import Checked as Checked
from xiaoer.papers.queries.checked import checked as checked
from xiaoer.papers.queries.checked import find_by_number as find_by_number
from xiaoer.papers.queries.held import held_papers as held_papers
from xiaoer.papers.queries.held import holds as holds
from xiaoer.papers.queries.held import standing_papers as standing_papers
from xiaoer.papers.queries.keys import find_paper as find_paper
from xiaoer.papers.queries.licences import STATES as STATES
from xiaoer.papers.queries.licences import LicenceFilter as LicenceFilter
from xiaoer.papers.queries.licences import LicenceRow as LicenceRow
from xiaoer.papers.queries.licences import every_licence as every_licence
from xiaoer.papers.queries.licences import held_standing as held_standing
from xiaoer.papers.queries.licences import kind as kind
from xiaoer.papers.queries.licences import kinds as kinds
from xiaoer.papers.queries.licences import licence as licence
from xiaoer.papers.queries.licences import licence_page as licence_page
from xiaoer.papers.queries.licences import licence_story as licence_story
from xiaoer.papers.queries.licences import licences_running_out as licences_running_out
from xiaoer.papers.queries.licences import papers_of_party as papers_of_party
from xiaoer.papers.queries.licences import said as said
from xiaoer.papers.queries.licences import standing as standing
from xiaoer.papers.queries.readings import crop as crop
from xiaoer.papers.queries.readings import fields_of as fields_of
from xiaoer.papers.queries.readings import page_picture as page_picture
from xiaoer.papers.queries.readings import sign_words as sign_words
from xiaoer.papers.queries.readings import why_words as why_words
