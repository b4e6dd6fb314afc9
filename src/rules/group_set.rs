//! Sets of service groups, one bit a group, and what a site comes to with them.

use std::ops::{BitAnd, BitOr};

use crate::model::{
    GroupRef, GroupTerm, INTENSIVE_CARE, IntensiveGrade, LAST_GROUP, ServiceGroups,
};

const COMPLEX: u32 = 100;
const HIGHLY_COMPLEX: u32 = 101;
/// The one group whose related groups may come by telemedical cooperation: the stroke unit.
const STROKE_UNIT: u8 = 54;

fn bit(group: GroupRef) -> u128 {
    1 << match group.grade {
        None => u32::from(group.number),
        Some(IntensiveGrade::Complex) => COMPLEX,
        Some(IntensiveGrade::HighlyComplex) => HIGHLY_COMPLEX,
    }
}

/// A set of service groups. The grades of intensive care are elements of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct GroupSet(u128);

impl GroupSet {
    /// Every group in every grade.
    pub(super) const EVERYTHING: Self = Self(u128::MAX);

    pub(super) fn has(self, group: GroupRef) -> bool {
        self.0 & bit(group) != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Adds a group; a grade of intensive care brings the lower ones with it.
    pub(super) fn insert(&mut self, group: GroupRef) {
        // Whoever has highly complex intensive care meets a clause that asks for the complex one.
        self.0 |= bit(group);
        if group.grade.is_some() {
            self.0 |= bit(GroupRef::plain(group.number)) | 1 << COMPLEX;
        }
    }

    /// Takes a group away; intensive care goes with its grades.
    pub(super) fn drop_group(&mut self, number: u8) {
        self.0 &= !bit(GroupRef::plain(number));
        if number == INTENSIVE_CARE {
            self.0 &= !(1 << COMPLEX | 1 << HIGHLY_COMPLEX);
        }
    }

    /// The set without this one element.
    pub(super) fn without(self, group: GroupRef) -> Self {
        Self(self.0 & !bit(group))
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Its elements by number, plain before graded.
    pub(super) fn elements(self) -> Vec<GroupRef> {
        let mut elements = Vec::with_capacity(self.0.count_ones() as usize);
        let mut note = |group: GroupRef| {
            if self.has(group) {
                elements.push(group);
            }
        };
        for number in 0..=LAST_GROUP {
            note(GroupRef::plain(number));
            if number == INTENSIVE_CARE {
                for grade in [IntensiveGrade::Complex, IntensiveGrade::HighlyComplex] {
                    note(GroupRef { number, grade: Some(grade) });
                }
            }
        }
        elements
    }
}

impl BitOr for GroupSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for GroupSet {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// What a site is supplied with by partners.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Supplied {
    /// Groups that count where the table permits cooperation.
    pub(super) by_table: GroupSet,
    /// Groups that count for every clause.
    pub(super) anywhere: GroupSet,
    /// Groups that count for every clause of the stroke unit.
    pub(super) stroke: GroupSet,
}

impl Supplied {
    /// Every group, where the table permits cooperation or for every clause.
    pub(super) fn everything(is_for_every_clause: bool) -> Self {
        let none = GroupSet::default();
        let anywhere = if is_for_every_clause { GroupSet::EVERYTHING } else { none };
        Self { by_table: GroupSet::EVERYTHING, anywhere, stroke: none }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.by_table = self.by_table | other.by_table;
        self.anywhere = self.anywhere | other.anywhere;
        self.stroke = self.stroke | other.stroke;
    }

    pub(super) fn only(self, mask: GroupSet) -> Self {
        Self {
            by_table: self.by_table & mask,
            anywhere: self.anywhere & mask,
            stroke: self.stroke & mask,
        }
    }

    /// All groups, whatever they count for.
    pub(super) fn all(self) -> GroupSet {
        self.by_table | self.anywhere | self.stroke
    }

    /// What counts for the clauses of a group, with what a site has itself.
    pub(super) fn for_group(self, number: u8, has: GroupSet) -> Counting {
        // Annex 1, group 54: telemedical cooperation counts for this group alone.
        let stroke = if number == STROKE_UNIT { self.stroke } else { GroupSet::default() };
        let on_site = has | self.anywhere | stroke;
        Counting { on_site, permitted: on_site | self.by_table }
    }
}

/// The groups that count for the clauses of one group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counting {
    /// For clauses that must hold on the site.
    pub(super) on_site: GroupSet,
    /// For clauses that a partner may meet, too, by annex 1.
    pub(super) permitted: GroupSet,
}

/// The clauses of a group in annex 1.
#[derive(Debug, Clone)]
struct Clauses {
    number: u8,
    on_site: Vec<GroupTerm>,
    by_cooperation: Vec<GroupTerm>,
}

impl Clauses {
    /// Whether all hold.
    fn hold(&self, has: GroupSet, supplied: Supplied) -> bool {
        let counting = supplied.for_group(self.number, has);
        let holds_on_site = |term: &GroupTerm| term.holds(&|group| counting.on_site.has(group));
        let holds = |term: &GroupTerm| term.holds(&|group| counting.permitted.has(group));
        self.on_site.iter().all(holds_on_site) && self.by_cooperation.iter().all(holds)
    }
}

/// The clauses of the table, by group.
#[derive(Debug, Clone)]
pub(super) struct Rules(Vec<Clauses>);

impl Rules {
    pub(super) fn new(table: &ServiceGroups) -> Self {
        let mut rules = Vec::with_capacity(table.groups.len());
        for group in &table.groups {
            rules.push(Clauses {
                number: group.number,
                on_site: group.site.0.clone(),
                by_cooperation: group.cooperation.0.clone(),
            });
        }
        Self(rules)
    }

    /// The most groups of `offered` that hold each other up, with what partners supply: the greatest
    /// set in which every group has its clauses met by the set itself and by the supply.
    pub(super) fn met(&self, offered: GroupSet, supplied: Supplied) -> GroupSet {
        // From all that is offered downwards: groups may need each other in circles, and the law asks
        // whether all of it is there, not which was there first.
        let mut met = offered;
        loop {
            let before = met;
            for clauses in &self.0 {
                let has_it = met.has(GroupRef::plain(clauses.number));
                if has_it && !clauses.hold(met, supplied) {
                    met.drop_group(clauses.number);
                }
            }
            if met == before {
                return met;
            }
        }
    }
}
