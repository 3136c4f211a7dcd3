import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('exercises', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=80)),
                ('number', models.PositiveIntegerField()),
                ('requesting_state', models.CharField(max_length=2, verbose_name='requesting state')),
                ('host', models.CharField(max_length=2, verbose_name='host state')),
                ('turn_at', models.DateTimeField(editable=False, null=True)),
                ('duty', models.CharField(blank=True, default='', max_length=16)),
                ('owed_since', models.DateTimeField(null=True)),
                ('opens_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('alarm_at', models.DateTimeField(null=True)),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('status', django_fsm.FSMField(choices=[('SENT', 'Sent'), ('ANSWERED', 'Answered')], default='SENT', max_length=50, protected=True)),
                ('verdict', models.CharField(blank=True, default='', max_length=8)),
                ('exercise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exercises.exercise')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('exercise', 'ref'), name='letters_letter_ref_once'), models.UniqueConstraint(fields=('exercise', 'number'), name='letters_letter_number_once'), models.CheckConstraint(condition=models.Q(('requesting_state', models.F('host')), _negated=True), name='letters_letter_two_states')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
    ]
