"""Brands, SPUs, certificates, pictures and the steps of their review; what makes a product itself."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('classification', '0001_initial'),
        ('products', '0001_initial'),
        ('suppliers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=80)),
                ('owner', models.CharField(blank=True, max_length=120)),
                ('trademark_number', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('returned', 'returned'), ('approved', 'approved'), ('refused', 'refused')], max_length=8)),
                ('version', models.PositiveIntegerField(default=1)),
                ('is_demo', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ProductCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(choices=[('energy', 'energy'), ('environment', 'environment')], max_length=12)),
                ('number', models.CharField(max_length=60)),
                ('body', models.CharField(max_length=120)),
                ('valid_from', models.DateField()),
                ('expires_on', models.DateField()),
                ('file_key', models.CharField(blank=True, max_length=70)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('approved', 'approved'), ('refused', 'refused'), ('revoked', 'revoked')], max_length=8)),
                ('version', models.PositiveIntegerField(default=1)),
                ('is_demo', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ProductImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('alt', models.CharField(max_length=120)),
                ('file_key', models.CharField(max_length=70, unique=True)),
                ('kind', models.CharField(choices=[('png', 'png'), ('jpeg', 'jpeg')], max_length=4)),
                ('sm3', models.CharField(max_length=64)),
                ('size_bytes', models.PositiveIntegerField()),
                ('width', models.PositiveSmallIntegerField()),
                ('height', models.PositiveSmallIntegerField()),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ProductMerge',
            fields=[
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='merge', serialize=False, to='products.product')),
                ('reason', models.CharField(max_length=300)),
                ('offers_moved', models.PositiveIntegerField()),
                ('offers_delisted', models.PositiveIntegerField()),
                ('merged_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ProductProposal',
            fields=[
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='proposal', serialize=False, to='products.product')),
                ('proposed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReviewStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=12)),
                ('version', models.PositiveIntegerField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(max_length=40)),
                ('organisation_name', models.CharField(blank=True, max_length=120)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Spu',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('model', models.CharField(max_length=60)),
                ('model_key', models.CharField(db_index=True, max_length=120)),
                ('unit', models.CharField(max_length=10)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('returned', 'returned'), ('approved', 'approved'), ('refused', 'refused')], max_length=8)),
                ('version', models.PositiveIntegerField(default=1)),
                ('is_demo', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='product',
            name='product_state_known',
        ),
        migrations.AddField(
            model_name='product',
            name='identity_key',
            field=models.CharField(max_length=450, null=True),
        ),
        migrations.AddField(
            model_name='product',
            name='look_key',
            field=models.CharField(max_length=450, null=True),
        ),
        migrations.AlterField(
            model_name='product',
            name='state',
            field=models.CharField(choices=[('proposed', 'proposed'), ('returned', 'returned'), ('listed', 'listed'), ('refused', 'refused'), ('retired', 'retired'), ('merged', 'merged')], max_length=8),
        ),
        migrations.AddField(
            model_name='brand',
            name='supplier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.supplier'),
        ),
        migrations.AddField(
            model_name='productcertificate',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='products.product'),
        ),
        migrations.AddField(
            model_name='productcertificate',
            name='supplier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.supplier'),
        ),
        migrations.AddField(
            model_name='productimage',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='images', to='products.product'),
        ),
        migrations.AddField(
            model_name='productmerge',
            name='into',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='products.product'),
        ),
        migrations.AddField(
            model_name='productproposal',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.supplier'),
        ),
        migrations.AddField(
            model_name='reviewstep',
            name='brand',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='products.brand'),
        ),
        migrations.AddField(
            model_name='reviewstep',
            name='certificate',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='products.productcertificate'),
        ),
        migrations.AddField(
            model_name='reviewstep',
            name='product',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='products.product'),
        ),
        migrations.AddField(
            model_name='spu',
            name='brand',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spus', to='products.brand'),
        ),
        migrations.AddField(
            model_name='spu',
            name='category',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='classification.cataloguecategory'),
        ),
        migrations.AddField(
            model_name='spu',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='classification.itemcategory'),
        ),
        migrations.AddField(
            model_name='spu',
            name='supplier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.supplier'),
        ),
        migrations.AddField(
            model_name='reviewstep',
            name='spu',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='products.spu'),
        ),
        migrations.AddField(
            model_name='product',
            name='spu',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='products.spu'),
        ),
        migrations.RunSQL(
            "ALTER TABLE products_product ADD CONSTRAINT product_spu_is_there FOREIGN KEY (spu_id)"
            " REFERENCES products_spu (id) DEFERRABLE INITIALLY DEFERRED NOT VALID",
            "ALTER TABLE products_product DROP CONSTRAINT product_spu_is_there",
        ),
        # Only adds states: the rows there are keep to it, and are looked at in 0004.
        AddConstraintNotValid(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'returned', 'listed', 'refused', 'retired', 'merged'])), name='product_state_known'),
        ),
        migrations.AddConstraint(
            model_name='brand',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('key',), name='brand_once'),
        ),
        migrations.AddConstraint(
            model_name='brand',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'returned', 'approved', 'refused'])), name='brand_state_known'),
        ),
        migrations.AddConstraint(
            model_name='brand',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='brand_has_a_key'),
        ),
        migrations.AddIndex(
            model_name='productcertificate',
            index=models.Index(fields=['expires_on'], name='certificate_expires'),
        ),
        migrations.AddConstraint(
            model_name='productcertificate',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'approved'])), fields=('product', 'label', 'number'), name='certificate_once'),
        ),
        migrations.AddConstraint(
            model_name='productcertificate',
            constraint=models.CheckConstraint(condition=models.Q(('label__in', ['energy', 'environment'])), name='certificate_label_known'),
        ),
        migrations.AddConstraint(
            model_name='productcertificate',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'approved', 'refused', 'revoked'])), name='certificate_state_known'),
        ),
        migrations.AddConstraint(
            model_name='productcertificate',
            constraint=models.CheckConstraint(condition=models.Q(('expires_on__gte', models.F('valid_from'))), name='certificate_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='productcertificate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', ''), _negated=True), models.Q(('body', ''), _negated=True)), name='certificate_has_a_number'),
        ),
        migrations.AddConstraint(
            model_name='productimage',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('product', 'place'), name='image_place_once'),
        ),
        migrations.AddConstraint(
            model_name='productimage',
            constraint=models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 8)), name='image_place_is_one'),
        ),
        migrations.AddConstraint(
            model_name='productimage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['png', 'jpeg'])), name='image_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='productimage',
            constraint=models.CheckConstraint(condition=models.Q(('alt', ''), _negated=True), name='image_has_words'),
        ),
        migrations.AddConstraint(
            model_name='productmerge',
            constraint=models.CheckConstraint(condition=models.Q(('product', models.F('into')), _negated=True), name='merge_into_another'),
        ),
        migrations.AddIndex(
            model_name='spu',
            index=models.Index(fields=['category', 'state'], name='spu_category_state'),
        ),
        migrations.AddConstraint(
            model_name='spu',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('brand', 'model_key'), name='spu_once'),
        ),
        migrations.AddConstraint(
            model_name='spu',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'returned', 'approved', 'refused'])), name='spu_state_known'),
        ),
        migrations.AddConstraint(
            model_name='spu',
            constraint=models.CheckConstraint(condition=models.Q(('model_key', ''), _negated=True), name='spu_has_a_key'),
        ),
        migrations.AddConstraint(
            model_name='reviewstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('brand__isnull', False), ('certificate__isnull', True), ('product__isnull', True), ('spu__isnull', True)), models.Q(('brand__isnull', True), ('certificate__isnull', True), ('product__isnull', True), ('spu__isnull', False)), models.Q(('brand__isnull', True), ('certificate__isnull', True), ('product__isnull', False), ('spu__isnull', True)), models.Q(('brand__isnull', True), ('certificate__isnull', False), ('product__isnull', True), ('spu__isnull', True)), _connector='OR'), name='step_of_one_thing'),
        ),
    ]
