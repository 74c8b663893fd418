"""Who signs in to a trial. The people are invented; one password is easy to remember."""

from typing import NamedTuple

from initiatives.choices import Role

PASSWORD = "demonstration-portal"  # noqa: S105 - printed by `make demo`, never used on an installation


class Person(NamedTuple):
    """One invented person, with a role where it has one."""

    email: str
    name: str
    label: str
    what_for: str
    role: str = ""
    entity: str = ""
    country: str = ""


class SignIn(NamedTuple):
    """What a visitor of the trial has to know to sign in, and for what."""

    role: str
    email: str
    password: str
    what_for: str


WRITE = "enter initiatives and write updates"
APPROVE = "approve and return updates"
COMPOSE = "compose and compile the submission"

PEOPLE = [
    Person("staff.unido@example.org", "Mira Halden", "Staff of UNIDO", WRITE, Role.STAFF, "UNIDO"),
    Person("staff2.unido@example.org", "Tomás Arrieta", "Second staff member of UNIDO", WRITE, Role.STAFF, "UNIDO"),
    Person("focal.unido@example.org", "Leila Mansour", "Focal point of UNIDO", APPROVE, Role.FOCAL_POINT, "UNIDO"),
    Person("office.unido@example.org", "Johan Verwey", "Secretariat of UNIDO", COMPOSE, Role.SECRETARIAT, "UNIDO"),
    Person("staff.undesa@example.org", "Adaeze Nwosu", "Staff of UN DESA", WRITE, Role.STAFF, "UNDESA"),
    Person("focal.undesa@example.org", "Pierre Lacombe", "Focal point of UN DESA", APPROVE, Role.FOCAL_POINT, "UNDESA"),
    Person("office.undesa@example.org", "Chen Yulan", "Secretariat of UN DESA", COMPOSE, Role.SECRETARIAT, "UNDESA"),
    Person(
        "commission@example.org",
        "Ingrid Solberg",
        "Secretariat of the Commission",
        "look after calls and what was sent",
        Role.COMMISSION,
    ),
    Person(
        "delegate.serbia@example.org",
        "Milica Petrović",
        "Delegate of Serbia",
        "read as a member state does",
        Role.DELEGATE,
        country="SRB",
    ),
    Person(
        "admin@example.org",
        "Samir Qasim",
        "Administrator",
        "look after people, roles and reference data",
        Role.ADMINISTRATOR,
    ),
    Person("reader@example.org", "Rosa Lindqvist", "Reader without a role", "read what is public"),
]

SIGN_INS: list[SignIn] = [SignIn(person.label, person.email, PASSWORD, person.what_for) for person in PEOPLE]
