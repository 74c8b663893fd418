"""Makes `migrate` quick on a new database; docs/decisions/ has the record with the measurements.

With every operation Django renders anew each model that the changed one is related to, in both directions and over
any number of steps. History doubles our tables, and each has its triggers: 14,000 renderings for 360 operations, most
of the time that a trial takes to begin. Four rules spare nearly all of them:

- A model that no other points to is rendered alone. Its neighbours stay the same classes, and those are what its
  foreign keys ask for.
- A trigger changes nothing that a class shows, but the list of its triggers.
- Nor do an index and a constraint: they are entered in the lists of its class.
- A field that is added, or of which only what the database does not know is altered, is entered in its class.

The statements that reach the database are the same. Code in migrations (RunPython) gets all models rendered from
scratch, as Django does after every operation whose renderings it put off.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState
from django.db.models import Field
from pgtrigger.migrations import AddTrigger, RemoveTrigger

_related_models = ProjectState._find_reload_model  # type: ignore[attr-defined]
_django_add_field = ProjectState.add_field
_django_alter_field = ProjectState.alter_field


def quicken_migrations() -> None:
    """Put the four rules in place, for this process."""
    ProjectState._find_reload_model = _models_to_render  # type: ignore[attr-defined]
    ProjectState.add_field = _add_field  # type: ignore[method-assign, assignment]
    ProjectState.alter_field = _alter_field  # type: ignore[method-assign, assignment]
    ProjectState._append_option = _append_option  # type: ignore[attr-defined]
    ProjectState._remove_option = _remove_option  # type: ignore[attr-defined]
    AddTrigger.state_forwards = _add_trigger  # type: ignore[method-assign, assignment]
    RemoveTrigger.state_forwards = _remove_trigger  # type: ignore[method-assign, assignment]


def _models_to_render(
    state: ProjectState, app_label: str, model_name: str, delay: bool = False
) -> set[tuple[str, str]]:
    """Return the models that have to be rendered after a change of this one."""
    key = (app_label, model_name.lower())
    if _needed_by_others(state, key):
        return _related_models(state, app_label, model_name, delay)
    state.is_delayed = True  # so RunPython renders all
    return {key}


def _needed_by_others(state: ProjectState, key: tuple[str, str]) -> bool:
    """Tell whether another model has a relation to this one, or is made from it: a table between two, a proxy."""
    app_label, model_name = key
    rendered = state.apps.all_models[app_label].get(model_name)
    if state.relations.get(key) or (rendered and rendered._meta.many_to_many):
        return True
    name = f"{app_label}.{model_name}"
    bases = (base for model in state.models.values() for base in model.bases)
    return any(isinstance(base, str) and base.lower() == name for base in bases)


def _add_field(
    state: ProjectState, app_label: str, model_name: str, name: str, field: "Field[Any, Any]", preserve_default: bool
) -> None:
    if field.many_to_many or not _has_class_alone(state, app_label, model_name):
        _django_add_field(state, app_label, model_name, name, field, preserve_default)
        return
    with _renders_nothing(state):
        _django_add_field(state, app_label, model_name, name, field, preserve_default)
    _enter_field(state, app_label, model_name, name)


def _alter_field(
    state: ProjectState, app_label: str, model_name: str, name: str, field: "Field[Any, Any]", preserve_default: bool
) -> None:
    altered = _for_database(state.models[app_label, model_name].fields[name]) != _for_database(field)
    if altered or field.is_relation or not _has_class_alone(state, app_label, model_name):
        _django_alter_field(state, app_label, model_name, name, field, preserve_default)
        return
    with _renders_nothing(state):
        _django_alter_field(state, app_label, model_name, name, field, preserve_default)
    options = state.apps.get_model(app_label, model_name)._meta
    shown = options.get_field(name)
    options.local_fields.remove(shown)
    _enter_field(state, app_label, model_name, name, place=shown.creation_counter)


def _has_class_alone(state: ProjectState, app_label: str, model_name: str) -> bool:
    """Tell whether the class of a model may be changed: on the way back, states share those of the state before."""
    return "apps" in state.__dict__ and state.apps.get_model(app_label, model_name)._meta.apps is state.apps


def _for_database(field: "Field[Any, Any]") -> tuple[Any, ...]:
    """Return what `migrate` compares to tell whether the column has to be altered."""
    unknown = {*field.non_db_attrs} - {"db_column"}
    _name, path, arguments, options = field.deconstruct()
    return path, arguments, {key: said for key, said in options.items() if key not in unknown}


@contextmanager
def _renders_nothing(state: ProjectState) -> Iterator[None]:
    """Django renders models only in a state that has been rendered."""
    apps = state.__dict__.pop("apps")
    try:
        yield
    finally:
        state.__dict__["apps"] = apps


def _enter_field(state: ProjectState, app_label: str, model_name: str, name: str, place: int | None = None) -> None:
    """Let the class of a model have the field that its state has, after all others unless its place is given."""
    field = state.models[app_label, model_name].fields[name].clone()
    if place is not None:
        field.creation_counter = place
    state.apps.get_model(app_label, model_name).add_to_class(name, field)
    state.apps.clear_cache()
    state.is_delayed = True


def _append_option(state: ProjectState, app_label: str, model_name: str, option: str, added: Any) -> None:
    """Of the options that are lists, `indexes` and `constraints`, enter one more."""
    _set_option(state, app_label, model_name, option, [*state.models[app_label, model_name].options[option], added])


def _remove_option(state: ProjectState, app_label: str, model_name: str, option: str, name: str) -> None:
    left = [each for each in state.models[app_label, model_name].options[option] if each.name != name]
    _set_option(state, app_label, model_name, option, left)


def _add_trigger(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    model = state.models[app_label, operation.model_name.lower()]
    triggers = [*model.options.get("triggers", []), operation.trigger]
    _set_option(state, app_label, operation.model_name, "triggers", triggers)


def _remove_trigger(operation: RemoveTrigger, app_label: str, state: ProjectState) -> None:
    model = state.models[app_label, operation.model_name.lower()]
    left = [trigger for trigger in model.options.get("triggers", []) if trigger.name != operation.name]
    _set_option(state, app_label, operation.model_name, "triggers", left)


def _set_option(state: ProjectState, app_label: str, model_name: str, option: str, entries: list[Any]) -> None:
    state.models[app_label, model_name.lower()].options[option] = entries
    state.is_delayed = True
    if "apps" in state.__dict__:  # asking for it otherwise would render all
        options = state.apps.get_model(app_label, model_name)._meta
        setattr(options, option, entries)
        options.__dict__.pop("total_unique_constraints", None)  # what Django derived from the constraints
