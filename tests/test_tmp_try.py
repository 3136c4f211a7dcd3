import pytest
from tests import canaries
from audit.models import Event
@pytest.mark.django_db
def test_x():
    ex=canaries.play()
    for e in Event.objects.filter(exercise=ex).in_order(): 
        if not e.told['conduct']: print(e.told['at'],e.verb,e.case,e.seat,e.told['with'] if e.verb.startswith('esc') else '')
