//! What is kept of a file while it is read: ways first, then the points that they name.

use std::collections::HashMap;

use super::rules::{self, Drive, Passing, Verdict};
use super::tags::{Key, Tags};
use crate::calendar::Date;
use crate::roads::point::Point;
use crate::roads::selection::NAME_AND_NUMBER;
use crate::roads::{RoadCounts, RoadFileError};

/// Who hears the elements of a file.
pub(super) trait Elements {
    /// Whether points are of use to it; ways and relations are, where they are not.
    const TAKES_POINTS: bool;

    /// A point (node) with its degrees.
    fn point(&mut self, id: i64, lat: f64, lon: f64, tags: &Tags) {
        let _ = (id, lat, lon, tags);
    }

    /// A way with the points that it goes over.
    ///
    /// # Errors
    ///
    /// When there is more than is kept.
    fn way(&mut self, id: i64, points: &[i64], tags: &Tags) -> Result<(), RoadFileError> {
        let _ = (id, points, tags);
        Ok(())
    }

    /// The day of the roads, in UTC, where the file says it.
    fn day(&mut self, day: Date) {
        let _ = day;
    }

    /// A relation.
    fn relation(&mut self, members: &[Member], tags: &Tags) {
        let _ = (members, tags);
    }
}

/// What a member of a relation is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    From,
    Via,
    To,
}

impl Role {
    pub(super) fn of(text: &str) -> Option<Self> {
        match text {
            "from" => Some(Self::From),
            "via" => Some(Self::Via),
            "to" => Some(Self::To),
            _ => None,
        }
    }
}

/// A member of a relation that a turn restriction may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) role: Role,
    pub(super) is_way: bool,
    pub(super) id: i64,
}

/// A way that cars drive on.
#[derive(Debug, Clone, Copy)]
pub(super) struct DraftWay {
    pub(super) id: i64,
    pub(super) drive: Drive,
    pub(super) name: u32,
    /// Where its points begin in the list of all.
    first: usize,
}

/// A turn restriction over one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Restriction {
    pub(super) from: i64,
    pub(super) via: i64,
    pub(super) to: i64,
    /// Whether `to` is the only way on, or the one that is not allowed.
    pub(super) is_only: bool,
}

/// Ways, their names, and turn restrictions.
#[derive(Debug, Default)]
pub(super) struct DraftWays {
    pub(super) ways: Vec<DraftWay>,
    pub(super) points: Vec<i64>,
    pub(super) restrictions: Vec<Restriction>,
    pub(super) counts: RoadCounts,
    /// The day of the roads, where the file says it.
    pub(super) day: Option<Date>,
    names: HashMap<String, u32>,
    most_points: u32,
}

impl DraftWays {
    pub(super) fn new(most_points: u32) -> Self {
        Self { most_points, ..Self::default() }
    }

    /// The points of a way.
    pub(super) fn points_of(&self, way: usize) -> &[i64] {
        let start = self.ways[way].first;
        let end = self.ways.get(way + 1).map_or(self.points.len(), |next| next.first);
        &self.points[start..end]
    }

    /// Names by number; the first is that of ways without one.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = vec![String::new(); self.names.len() + 1];
        for (name, number) in &self.names {
            names[*number as usize].clone_from(name);
        }
        names
    }

    fn name(&mut self, tags: &Tags) -> u32 {
        let name = match (tags.get(Key::Name), tags.get(Key::Ref)) {
            (Some(name), Some(number)) => format!("{name}{NAME_AND_NUMBER}{number}"),
            (Some(name), None) => name.to_owned(),
            (None, Some(number)) => number.to_owned(),
            (None, None) => return 0,
        };
        let next = self.names.len() as u32 + 1;
        *self.names.entry(name).or_insert(next)
    }
}

impl Elements for DraftWays {
    const TAKES_POINTS: bool = false;

    fn day(&mut self, day: Date) {
        self.day = Some(day);
    }

    fn way(&mut self, id: i64, points: &[i64], tags: &Tags) -> Result<(), RoadFileError> {
        let counts = &mut self.counts;
        let drive = match rules::verdict(tags) {
            Verdict::Road(drive) => drive,
            Verdict::Nothing => return Ok(()),
            Verdict::NotForCars => {
                counts.ways_not_for_cars += 1;
                return Ok(());
            }
            Verdict::Track => {
                counts.tracks += 1;
                return Ok(());
            }
            Verdict::NoAccess => {
                counts.ways_without_access += 1;
                return Ok(());
            }
            Verdict::NotOpen => {
                counts.ways_not_open += 1;
                return Ok(());
            }
        };
        counts.ways += 1;
        if self.points.len() + points.len() > self.most_points as usize {
            return Err(RoadFileError::TooManyPoints { most: self.most_points });
        }

        // Only now: names of paths and houses are of no use.
        let name = self.name(tags);
        self.ways.push(DraftWay { id, drive, name, first: self.points.len() });
        self.points.extend_from_slice(points);
        Ok(())
    }

    fn relation(&mut self, members: &[Member], tags: &Tags) {
        if !tags.is(Key::Type, &["restriction"]) {
            return;
        }
        let kind = tags.get(Key::RestrictionMotorcar).or_else(|| tags.get(Key::Restriction));
        let is_for_cars = !tags.get(Key::Except).is_some_and(|vehicles| {
            vehicles
                .split(';')
                .any(|vehicle| matches!(vehicle.trim(), "motorcar" | "motor_vehicle"))
        });
        let restriction = kind.and_then(|kind| restriction(kind, members));
        match restriction.filter(|_| is_for_cars) {
            // Each is as large as the ways that it names, so the limit of points bounds them, too.
            Some(restriction) if self.restrictions.len() < self.most_points as usize => {
                self.restrictions.push(restriction);
            }
            _ => self.counts.other_restrictions += 1,
        }
    }
}

/// The restriction of a kind between two ways at a point; `None` for one of another form.
fn restriction(kind: &str, members: &[Member]) -> Option<Restriction> {
    let is_only = kind.starts_with("only_");
    if !is_only && !kind.starts_with("no_") {
        return None;
    }
    let the_only = |role: Role, is_way: bool| {
        let mut with_role = members.iter().filter(|member| member.role == role);
        let member = with_role.next()?;
        (with_role.next().is_none() && member.is_way == is_way).then_some(member.id)
    };
    let (from, via) = (the_only(Role::From, true)?, the_only(Role::Via, false)?);
    Some(Restriction { from, via, to: the_only(Role::To, true)?, is_only })
}

/// The points that ways name.
#[derive(Debug)]
pub(super) struct DraftPoints {
    /// Rising.
    ids: Vec<i64>,
    /// Where each is; `None` until the file told it.
    pub(super) points: Vec<Option<Point>>,
    passing: HashMap<u32, Passing>,
    /// Files name points in the order of their ids, mostly: the next one is where the last one was.
    next: usize,
}

impl DraftPoints {
    pub(super) fn of(ways: &DraftWays) -> Self {
        let mut ids = ways.points.clone();
        ids.sort_unstable();
        ids.dedup();
        let points = vec![None; ids.len()];
        Self { ids, points, passing: HashMap::new(), next: 0 }
    }

    /// The number of a point.
    pub(super) fn number(&self, id: i64) -> Option<u32> {
        self.ids.binary_search(&id).ok().map(|number| number as u32)
    }

    pub(super) fn passing(&self, number: u32) -> Passing {
        self.passing.get(&number).copied().unwrap_or_default()
    }
}

impl Elements for DraftPoints {
    const TAKES_POINTS: bool = true;

    fn point(&mut self, id: i64, lat: f64, lon: f64, tags: &Tags) {
        // Most points of a file are of houses: they lie between the last one that was needed and the next.
        let is_next = self.ids.get(self.next) == Some(&id);
        let is_before = self.next > 0 && self.ids[self.next - 1] < id;
        if !is_next && is_before && self.ids.get(self.next).is_some_and(|next| id < *next) {
            return;
        }
        let number = if is_next { Some(self.next as u32) } else { self.number(id) };
        let Some(number) = number else { return };
        self.next = number as usize + 1;
        // One that is off the globe stays missing.
        self.points[number as usize] = Point::of_degrees(lat, lon);
        // Kept for the few that stop anybody.
        let passing = rules::passing(tags);
        if passing != Passing::default() {
            self.passing.insert(number, passing);
        }
    }
}
