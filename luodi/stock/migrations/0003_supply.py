"""Places, purchases, transfers, stocktakes, and what stock is worth."""

from collections import defaultdict
import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models


def open_accounts(apps, schema_editor):
    """Lots of before have no cost: their accounts begin with the quantity and a value of nothing."""
    Lot, Account = apps.get_model("stock", "Lot"), apps.get_model("stock", "Account")
    held = defaultdict(Decimal)
    for unit, medicine, on_hand in Lot.objects.values_list("unit", "medicine", "on_hand"):
        held[unit, medicine] += on_hand
    Account.objects.bulk_create(Account(unit_id=unit, medicine=medicine, qty=qty) for (unit, medicine), qty in held.items())


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0008_newest_first'),
        ('stock', '0002_lot_numbers'),
        ('trust', '0006_watching'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('medicine', models.CharField(max_length=16)),
                ('qty', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=12)),
                ('value', models.DecimalField(decimal_places=4, default=Decimal('0'), max_digits=16)),
                ('cost', models.DecimalField(decimal_places=6, default=Decimal('0'), max_digits=14)),
            ],
        ),
        migrations.CreateModel(
            name='Cargo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent', models.DecimalField(decimal_places=3, max_digits=12)),
                ('on_way', models.DecimalField(decimal_places=3, max_digits=12)),
                ('value', models.DecimalField(decimal_places=4, default=Decimal('0'), max_digits=16)),
            ],
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('head', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ClosingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('medicine', models.CharField(max_length=16)),
                ('opening', models.DecimalField(decimal_places=3, max_digits=12)),
                ('opening_value', models.DecimalField(decimal_places=4, max_digits=16)),
                ('came', models.DecimalField(decimal_places=3, max_digits=12)),
                ('came_value', models.DecimalField(decimal_places=4, max_digits=16)),
                ('went', models.DecimalField(decimal_places=3, max_digits=12)),
                ('went_value', models.DecimalField(decimal_places=4, max_digits=16)),
                ('adjusted', models.DecimalField(decimal_places=3, max_digits=12)),
                ('adjusted_value', models.DecimalField(decimal_places=4, max_digits=16)),
                ('closing_qty', models.DecimalField(decimal_places=3, max_digits=12)),
                ('closing_value', models.DecimalField(decimal_places=4, max_digits=16)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invoice', models.CharField(blank=True, max_length=40)),
                ('at', models.DateTimeField()),
                ('idempotency', models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DeliveryLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('medicine', models.CharField(max_length=16)),
                ('lot_no', models.CharField(max_length=32)),
                ('produced', models.DateField(null=True)),
                ('expiry', models.DateField()),
                ('qty', models.DecimalField(decimal_places=3, max_digits=12)),
                ('accepted', models.DecimalField(decimal_places=3, max_digits=12)),
                ('price', models.DecimalField(decimal_places=4, max_digits=16)),
                ('packaging', models.BooleanField()),
                ('certificate', models.CharField(blank=True, max_length=40)),
                ('warmest', models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ('reason', models.CharField(blank=True, max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=12)),
                ('rev', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('idempotency', models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('medicine', models.CharField(max_length=16)),
                ('qty', models.DecimalField(decimal_places=3, max_digits=12)),
                ('price', models.DecimalField(decimal_places=4, max_digits=16)),
                ('why', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Permit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('medicine', models.CharField(max_length=16)),
                ('reason', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('central', 'Central'), ('pharmacy', 'Pharmacy'), ('cabinet', 'Cabinet'), ('cart', 'Cart')], max_length=8)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SentBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Stocktake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=12)),
                ('rev', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('shelf', models.CharField(blank=True, max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='Supplier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('licence', models.CharField(blank=True, max_length=40)),
                ('licence_to', models.DateField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('counted', models.DecimalField(decimal_places=3, max_digits=12)),
                ('book', models.DecimalField(decimal_places=3, max_digits=12)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=12)),
                ('rev', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('idempotency', models.CharField(max_length=64, null=True, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='TransferLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('medicine', models.CharField(max_length=16)),
                ('wanted', models.DecimalField(decimal_places=3, max_digits=12)),
            ],
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('order', 'Order'), ('transfer', 'Transfer'), ('stocktake', 'Stocktake')], max_length=10)),
                ('document', models.PositiveBigIntegerField()),
                ('state', models.CharField(max_length=12)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Use',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('medicine', models.CharField(max_length=16)),
                ('qty', models.DecimalField(decimal_places=3, max_digits=12)),
                ('prescription', models.PositiveBigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('idempotency', models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UseEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='movement',
            name='movement_sign_fits_its_kind',
        ),
        migrations.AddField(
            model_name='minimum',
            name='most',
            field=models.DecimalField(decimal_places=3, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name='movement',
            name='document',
            field=models.PositiveBigIntegerField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='movement',
            name='value',
            field=models.DecimalField(decimal_places=4, default=Decimal('0'), max_digits=16),
        ),
        migrations.AlterField(
            model_name='movement',
            name='kind',
            field=models.CharField(choices=[('opening', 'Opening'), ('receipt', 'Receipt'), ('dispense', 'Dispense'), ('return', 'Return'), ('adjust', 'Adjust'), ('waste', 'Waste'), ('send', 'Send'), ('arrive', 'Arrive'), ('back', 'Back'), ('use', 'Use'), ('unuse', 'Unuse')], max_length=8),
        ),
        migrations.AddConstraint(
            model_name='minimum',
            constraint=models.CheckConstraint(condition=models.Q(('most__isnull', True), ('most__gte', models.F('least')), _connector='OR'), name='most_not_below_least'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['opening', 'receipt', 'return', 'arrive', 'back', 'unuse']), ('qty__gt', 0)), models.Q(('kind__in', ['dispense', 'waste', 'send', 'use']), ('qty__lt', 0)), models.Q(('kind', 'adjust'), models.Q(('qty', 0), _negated=True)), _connector='OR'), name='movement_sign_fits_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['send', 'arrive', 'back', 'use', 'unuse']), _negated=True), ('document__isnull', False), _connector='OR'), name='movement_names_its_paper'),
        ),
        migrations.AddField(
            model_name='account',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='cargo',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='cargo',
            name='lot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.lot'),
        ),
        migrations.AddField(
            model_name='closing',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='closing',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='closing',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='closingline',
            name='closing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='stock.closing'),
        ),
        migrations.AddField(
            model_name='closingline',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='second',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='deliveryline',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='stock.delivery'),
        ),
        migrations.AddField(
            model_name='deliveryline',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='deliveryline',
            name='lot',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.lot'),
        ),
        migrations.AddField(
            model_name='order',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='order',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='order',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='order',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='stock.order'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='stock.order'),
        ),
        migrations.AddField(
            model_name='permit',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='permit',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='permit',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='place',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='place',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='place',
            name='unit',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='place',
            name='ward',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='sentback',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='sentback',
            name='line',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sent_back', to='stock.deliveryline'),
        ),
        migrations.AddField(
            model_name='sentback',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='sheet',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='sheet',
            name='lot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.lot'),
        ),
        migrations.AddField(
            model_name='stocktake',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='stocktake',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='stocktake',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='sheet',
            name='stocktake',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='stock.stocktake'),
        ),
        migrations.AddField(
            model_name='supplier',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='supplier',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='order',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='stock.supplier'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='stock.supplier'),
        ),
        migrations.AddField(
            model_name='tally',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='tally',
            name='sheet',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tallies', to='stock.sheet'),
        ),
        migrations.AddField(
            model_name='tally',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='cargo',
            name='transfer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cargo', to='stock.transfer'),
        ),
        migrations.AddField(
            model_name='transferline',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='transferline',
            name='transfer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='stock.transfer'),
        ),
        migrations.AddField(
            model_name='turn',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='turn',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='use',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='use',
            name='patient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient'),
        ),
        migrations.AddField(
            model_name='use',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='use',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.unit'),
        ),
        migrations.AddField(
            model_name='useend',
            name='entry',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.entry'),
        ),
        migrations.AddField(
            model_name='useend',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trust.staff'),
        ),
        migrations.AddField(
            model_name='useend',
            name='use',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ended', to='stock.use'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('unit', 'medicine'), name='account_once_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('qty__gte', 0), ('value__gte', 0)), name='account_never_below_zero'),
        ),
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.UniqueConstraint(fields=('unit', 'month'), name='closing_once_a_month'),
        ),
        migrations.AddConstraint(
            model_name='deliveryline',
            constraint=models.CheckConstraint(condition=models.Q(('accepted__gte', 0), ('accepted__lte', models.F('qty')), ('price__gte', 0), ('qty__gt', 0)), name='delivery_line_sensible'),
        ),
        migrations.AddConstraint(
            model_name='deliveryline',
            constraint=models.CheckConstraint(condition=models.Q(('accepted', models.F('qty')), models.Q(('reason', ''), _negated=True), _connector='OR'), name='delivery_line_says_why_rejected'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'version', 'medicine'), name='order_line_once'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 0), ('qty__gt', 0)), name='order_line_sensible'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['cabinet', 'cart']), ('ward__isnull', False)), models.Q(('kind__in', ['central', 'pharmacy']), ('ward__isnull', True)), _connector='OR'), name='place_of_a_ward_names_it'),
        ),
        migrations.AddConstraint(
            model_name='stocktake',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['counting', 'recounting', 'submitted'])), fields=('unit',), name='stocktake_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='sheet',
            constraint=models.UniqueConstraint(fields=('stocktake', 'lot'), name='sheet_once'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.CheckConstraint(condition=models.Q(('book__gte', 0), ('counted__gte', 0), ('round__in', [1, 2])), name='tally_sensible'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('unit', models.F('source')), _negated=True), name='transfer_goes_elsewhere'),
        ),
        migrations.AddConstraint(
            model_name='cargo',
            constraint=models.UniqueConstraint(fields=('transfer', 'lot'), name='cargo_once'),
        ),
        migrations.AddConstraint(
            model_name='cargo',
            constraint=models.CheckConstraint(condition=models.Q(('on_way__gte', 0), ('on_way__lte', models.F('sent')), ('sent__gt', 0), ('value__gte', 0)), name='cargo_conserved'),
        ),
        migrations.AddConstraint(
            model_name='transferline',
            constraint=models.UniqueConstraint(fields=('transfer', 'medicine'), name='transfer_line_once'),
        ),
        migrations.AddConstraint(
            model_name='transferline',
            constraint=models.CheckConstraint(condition=models.Q(('wanted__gt', 0)), name='transfer_line_wants'),
        ),
        migrations.AddIndex(
            model_name='turn',
            index=models.Index(fields=['kind', 'document'], name='turn_of_document'),
        ),
        migrations.RunPython(open_accounts, migrations.RunPython.noop),
    ]
