"""Migrations render few models anew, and those that matter: on a state of six models, without a database."""

import pgtrigger
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger


def key() -> models.BigAutoField:
    return models.BigAutoField(primary_key=True)


def to(model: str) -> models.ForeignKey:
    return models.ForeignKey(f"library.{model}", models.CASCADE)


def trigger(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=pgtrigger.Update, func="RETURN NEW;")


def rendered_state() -> ProjectState:
    """Return books with their author, shelves and history, rendered as they are before the first migration runs."""
    state = ProjectState()
    for model in (
        ModelState("library", "Author", [("id", key())]),
        ModelState("library", "Shelf", [("id", key())]),
        ModelState("library", "Book", [("id", key()), ("author", to("Author"))]),
        ModelState("library", "Loan", [("id", key()), ("book", to("Book"))]),
        ModelState("library", "BookEvent", [("id", key()), ("pgh_obj", to("Book"))]),
        ModelState("library", "Novel", [], options={"proxy": True}, bases=("library.Book",)),
    ):
        state.add_model(model)
    assert state.apps
    return state


def after(state: ProjectState, operation: migrations.operations.base.Operation) -> ProjectState:
    """Change the state as `migrate` does: the state before is kept."""
    state.clone()
    operation.state_forwards("library", state)
    return state


def classes(state: ProjectState) -> dict[str, type[models.Model]]:
    return {name: state.apps.get_model("library", name) for _, name in state.models}


def kept(before: dict[str, type[models.Model]], state: ProjectState) -> set[str]:
    """Return the names of the models whose classes are still the same."""
    return {name for name, model in classes(state).items() if model is before.get(name)}


def field_names(model: type[models.Model]) -> list[str]:
    return sorted(field.name for field in model._meta.get_fields(include_hidden=True))


def assert_whole(state: ProjectState) -> None:
    """Each relation leads to the class that the state gives, and back; as in a state rendered from scratch."""
    fresh = ProjectState(models={key: model.clone() for key, model in state.models.items()})
    for name, model in classes(state).items():
        twin = fresh.apps.get_model("library", name)
        assert field_names(model) == field_names(twin)
        for field in model._meta.get_fields():
            if field.is_relation:
                assert field.related_model is state.apps.get_model("library", field.related_model.__name__), field


class TestModelThatNoOtherPointsTo:
    def test_is_rendered_alone_when_it_is_new(self) -> None:
        state = rendered_state()
        before = classes(state)
        after(state, migrations.CreateModel("Review", [("id", key()), ("book", to("Book"))]))
        assert kept(before, state) == set(before)
        assert_whole(state)
        assert hasattr(state.apps.get_model("library", "Book"), "review_set")

    def test_is_rendered_alone_when_a_relation_is_altered_or_removed(self) -> None:
        state = rendered_state()
        before = classes(state)
        after(state, migrations.AlterField("bookevent", "pgh_obj", to("Shelf")))
        assert kept(before, state) == set(before) - {"bookevent"}
        assert_whole(state)
        after(state, migrations.RemoveField("bookevent", "pgh_obj"))
        assert kept(before, state) == set(before) - {"bookevent"}
        assert_whole(state)

    def test_has_code_in_migrations_get_all_from_scratch(self) -> None:
        state = rendered_state()
        assert not state.is_delayed
        after(state, migrations.AddField("bookevent", "note", models.TextField()))
        assert state.is_delayed  # what RunPython looks at


class TestModelThatOthersNeed:
    def test_is_rendered_with_those_that_point_to_it(self) -> None:
        state = rendered_state()
        before = classes(state)
        after(state, migrations.AlterField("book", "author", to("Shelf")))
        assert not kept(before, state) & {"book", "loan", "bookevent", "novel"}
        assert_whole(state)

    def test_is_rendered_with_its_proxies(self) -> None:
        state = rendered_state()
        for name in ("Loan", "BookEvent"):
            after(state, migrations.DeleteModel(name))
        after(state, migrations.AddField("book", "pages", models.IntegerField()))
        after(state, migrations.AlterField("book", "pages", models.TextField()))
        assert issubclass(state.apps.get_model("library", "Novel"), state.apps.get_model("library", "Book"))
        assert_whole(state)

    def test_is_rendered_with_its_table_of_many_to_many(self) -> None:
        state = rendered_state()
        after(state, migrations.AddField("loan", "shelves", models.ManyToManyField("library.Shelf")))
        after(state, migrations.AlterField("loan", "id", models.UUIDField(primary_key=True)))
        loan = state.apps.get_model("library", "Loan")
        assert loan.shelves.through._meta.get_field("loan").related_model is loan
        assert loan.shelves.through._meta.get_field("loan").target_field.get_internal_type() == "UUIDField"
        assert_whole(state)
        after(state, migrations.RemoveField("loan", "shelves"))
        assert "Loan_shelves" not in [model.__name__ for model in state.apps.get_models(include_auto_created=True)]


class TestFieldThatIsEntered:
    def test_renders_nothing_and_is_known_to_the_model_and_its_neighbours(self) -> None:
        state = rendered_state()
        before = classes(state)
        after(state, migrations.AddField("book", "pages", models.IntegerField(default=7), preserve_default=False))
        after(state, migrations.AddField("book", "shelf", to("Shelf")))
        after(state, migrations.AddField("author", "favourite", to("Book")))
        assert kept(before, state) == set(before)
        assert_whole(state)
        book = state.apps.get_model("library", "Book")
        assert [field.name for field in book._meta.fields] == ["id", "author", "pages", "shelf"]
        assert not book._meta.get_field("pages").has_default()
        assert [field.name for field in state.apps.get_model("library", "Novel")._meta.fields] == [
            field.name for field in book._meta.fields
        ]
        assert hasattr(state.apps.get_model("library", "Shelf"), "book_set")
        assert state.is_delayed

    def test_may_be_one_that_differs_in_what_the_database_does_not_know(self) -> None:
        state = rendered_state()
        after(state, migrations.AddField("book", "kind", models.CharField(max_length=9)))
        after(state, migrations.AddField("book", "pages", models.IntegerField()))
        before = classes(state)
        choices = [("novel", "Novel")]
        after(state, migrations.AlterField("book", "kind", models.CharField(max_length=9, choices=choices)))
        assert kept(before, state) == set(before)
        assert_whole(state)
        book = state.apps.get_model("library", "Book")
        assert book._meta.get_field("kind").choices == choices
        assert [field.name for field in book._meta.fields] == ["id", "author", "kind", "pages"]
        after(state, migrations.AlterField("book", "kind", models.CharField(max_length=9, db_column="sort")))
        assert "book" not in kept(before, state)
        assert_whole(state)

    def test_is_unknown_to_a_state_that_shares_the_class(self) -> None:
        """On the way back each state begins as a copy of the one before, which goes on to be used."""
        earlier = rendered_state()
        state = earlier.clone()
        migrations.AddField("book", "pages", models.IntegerField()).state_forwards("library", state)
        assert "pages" not in field_names(earlier.apps.get_model("library", "Book"))
        assert "pages" in field_names(state.apps.get_model("library", "Book"))


class TestTrigger:
    def test_renders_nothing_and_is_known_to_the_model(self) -> None:
        state = rendered_state()
        before = classes(state)
        first, second = (trigger(name) for name in ("first", "second"))
        after(state, AddTrigger("Book", first))
        after(state, AddTrigger("book", second))
        assert state.apps.get_model("library", "Book")._meta.triggers == [first, second]
        after(state, RemoveTrigger("book", "first"))
        assert kept(before, state) == set(before)
        assert state.apps.get_model("library", "Book")._meta.triggers == [second]
        assert state.models["library", "book"].options["triggers"] == [second]
        assert state.is_delayed

    def test_leaves_the_state_before_it_as_it_was(self) -> None:
        state = rendered_state()
        earlier = state.clone()
        after(state, AddTrigger("book", trigger("first")))
        assert earlier.models["library", "book"].options.get("triggers", []) == []

    def test_does_not_render_a_state_that_is_not_rendered(self) -> None:
        state = ProjectState()
        state.add_model(ModelState("library", "Author", [("id", key())]))
        after(state, AddTrigger("author", trigger("first")))
        assert "apps" not in state.__dict__
        assert [trigger.name for trigger in state.apps.get_model("library", "Author")._meta.triggers] == ["first"]


class TestIndexAndConstraint:
    def test_render_nothing_and_are_known_to_the_model(self) -> None:
        state = rendered_state()
        earlier, before = state.clone(), classes(state)
        index = models.Index(fields=["author"], name="by_author")
        once = models.UniqueConstraint(fields=["author"], name="once_an_author")
        after(state, migrations.AddIndex("Book", index))
        after(state, migrations.AddConstraint("book", once))
        options = state.apps.get_model("library", "Book")._meta
        assert (options.indexes, options.constraints, options.total_unique_constraints) == ([index], [once], [once])
        assert earlier.models["library", "book"].options["indexes"] == []
        after(state, migrations.RemoveIndex("book", "by_author"))
        after(state, migrations.RemoveConstraint("book", "once_an_author"))
        assert (options.indexes, options.constraints, options.total_unique_constraints) == ([], [], [])
        assert state.models["library", "book"].options["constraints"] == []
        assert kept(before, state) == set(before)
        assert state.is_delayed
