"""The tables of the store were made by the pharmacy, and are there already under their new names."""

import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [("pharmacy", "0003_stock_moves_out"), ("trust", "0006_watching")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Lot',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('medicine', models.CharField(max_length=16)),
                        ('lot_no', models.CharField(max_length=32)),
                        ('expiry', models.DateField()),
                        ('place', models.CharField(blank=True, max_length=16)),
                        ('on_hand', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=12)),
                        ('state', models.CharField(choices=[('usable', 'Usable'), ('quarantined', 'Quarantined'), ('recalled', 'Recalled')], default='usable', max_length=12)),
                        ('rev', models.PositiveIntegerField(default=0)),
                        ('entry', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit')),
                    ],
                ),
                migrations.CreateModel(
                    name='Count',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('expected', models.DecimalField(decimal_places=3, max_digits=12)),
                        ('counted', models.DecimalField(decimal_places=3, max_digits=12)),
                        ('reason', models.CharField(choices=[('routine', 'Routine'), ('damaged', 'Damaged'), ('expired', 'Expired'), ('lost', 'Lost'), ('found', 'Found'), ('miscounted', 'Miscounted')], max_length=12)),
                        ('text', models.CharField(blank=True, max_length=200)),
                        ('at', models.DateTimeField()),
                        ('entry', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry')),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff')),
                        ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='stock.lot')),
                    ],
                ),
                migrations.CreateModel(
                    name='LotChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('usable', 'Usable'), ('quarantined', 'Quarantined'), ('recalled', 'Recalled')], max_length=12)),
                        ('reason', models.CharField(max_length=200)),
                        ('at', models.DateTimeField()),
                        ('entry', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry')),
                        ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='stock.lot')),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Minimum',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('medicine', models.CharField(max_length=16)),
                        ('least', models.DecimalField(decimal_places=3, max_digits=12)),
                        ('at', models.DateTimeField()),
                        ('entry', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry')),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit')),
                    ],
                ),
                migrations.CreateModel(
                    name='Movement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('opening', 'Opening'), ('receipt', 'Receipt'), ('dispense', 'Dispense'), ('return', 'Return'), ('adjust', 'Adjust'), ('waste', 'Waste')], max_length=8)),
                        ('qty', models.DecimalField(decimal_places=3, max_digits=12)),
                        ('dispense', models.PositiveBigIntegerField(db_column='dispense_id', db_index=True, null=True)),
                        ('at', models.DateTimeField()),
                        ('idempotency', models.CharField(max_length=64, null=True, unique=True)),
                        ('entry', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry')),
                        ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='stock.lot')),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff')),
                    ],
                ),
                migrations.CreateModel(
                    name='ProductCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=14, unique=True)),
                        ('medicine', models.CharField(max_length=16)),
                        ('entry', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.AddIndex(
                    model_name='lot',
                    index=models.Index(fields=['unit', 'medicine', 'expiry'], name='lot_shelf'),
                ),
                migrations.AddConstraint(
                    model_name='lot',
                    constraint=models.UniqueConstraint(fields=('unit', 'medicine', 'lot_no', 'expiry'), name='lot_once_a_unit'),
                ),
                migrations.AddConstraint(
                    model_name='lot',
                    constraint=models.CheckConstraint(condition=models.Q(('on_hand__gte', 0)), name='lot_never_below_zero'),
                ),
                migrations.AddConstraint(
                    model_name='lot',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['usable', 'quarantined', 'recalled'])), name='lot_state_known'),
                ),
                migrations.AddConstraint(
                    model_name='count',
                    constraint=models.CheckConstraint(condition=models.Q(('counted__gte', 0)), name='count_not_negative'),
                ),
                migrations.AddIndex(
                    model_name='minimum',
                    index=models.Index(fields=['unit', 'medicine'], name='minimum_of_unit'),
                ),
                migrations.AddConstraint(
                    model_name='minimum',
                    constraint=models.CheckConstraint(condition=models.Q(('least__gte', 0)), name='minimum_not_negative'),
                ),
                migrations.AddConstraint(
                    model_name='movement',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['opening', 'receipt', 'return']), ('qty__gt', 0)), models.Q(('kind__in', ['dispense', 'waste']), ('qty__lt', 0)), models.Q(('kind', 'adjust'), models.Q(('qty', 0), _negated=True)), _connector='OR'), name='movement_sign_fits_its_kind'),
                ),
                migrations.AddConstraint(
                    model_name='movement',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('dispense__isnull', False), ('kind__in', ['dispense', 'return'])), models.Q(models.Q(('kind__in', ['dispense', 'return']), _negated=True), ('dispense__isnull', True)), _connector='OR'), name='movement_names_its_dispense'),
                ),
            ]
        ),
    ]
