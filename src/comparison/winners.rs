//! Who gains time and who loses time, and by how much.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::units::Seconds;

/// Millionths of one: of a person who is concerned in part of the hours only.
pub(super) const MILLION: u64 = 1_000_000;

/// People whose time is another one, and by how much, all of them together.
///
/// Somebody who is concerned in a third of the hours counts as a third. Sums are whole numbers, so that those who
/// gain less those who lose are exactly the change of all.
///
/// **Written** as people, their mean seconds, cases a year and the mean seconds of a case.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Moved {
    /// People, in millionths.
    pub people_millionths: u64,
    /// Seconds of all of them together, in millionths.
    pub seconds_millionths: u128,
    /// Expected cases a year among them; 0 where nobody knows the cases.
    pub cases: f64,
    /// Seconds a year over these cases.
    pub case_seconds: f64,
}

impl Moved {
    fn add(&mut self, who: Weight, by: Seconds) {
        self.people_millionths += who.people;
        self.seconds_millionths += u128::from(who.people) * u128::from(by.0);
        self.cases += who.cases;
        self.case_seconds += who.cases * f64::from(by.0);
    }

    fn and(self, more: Self) -> Self {
        Self {
            people_millionths: self.people_millionths + more.people_millionths,
            seconds_millionths: self.seconds_millionths + more.seconds_millionths,
            cases: self.cases + more.cases,
            case_seconds: self.case_seconds + more.case_seconds,
        }
    }

    /// How many people; a part of one where hours differ.
    pub fn people(&self) -> f64 {
        people(self.people_millionths)
    }

    /// Mean seconds of those concerned, not of all; `None` where nobody is.
    pub fn mean_seconds(&self) -> Option<f64> {
        if self.people_millionths == 0 {
            return None;
        }
        Some(self.seconds_millionths as f64 / self.people_millionths as f64)
    }

    /// Mean seconds of a case among them; `None` where there are none.
    pub fn seconds_per_case(&self) -> Option<f64> {
        if self.cases > 0.0 { Some(self.case_seconds / self.cases) } else { None }
    }
}

impl Serialize for Moved {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut moved = to.serialize_struct("Moved", 4)?;
        moved.serialize_field("people", &self.people())?;
        moved.serialize_field("mean_seconds", &self.mean_seconds())?;
        moved.serialize_field("cases", &self.cases)?;
        moved.serialize_field("mean_seconds_per_case", &self.seconds_per_case())?;
        moved.end()
    }
}

/// What a change does to the time of some people: whose falls, whose rises, who gets in time and who does not any
/// more.
///
/// Who has a way on one side only is counted apart: nobody can say by how much the time of those rises or falls.
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::compare_standard;
/// use verbund::scenario::Scenario;
///
/// let region = Region::leipzig()?;
/// let text = r#"(format: 1, id: "no-torgau", name: "Torgau closes", source: "invented", changes: [
///     (on: "2026-07-01", reason: "an example", change: CloseHospital("kkh-torgau")),
/// ])"#;
/// let scenario = Scenario::read(text, "no-torgau.ron", region.network(), region.places())?;
/// let after = region.apply(&[&scenario], "2026-07-01".parse()?)?;
/// let basic = region.network().catalog().standard("basic_care").ok_or("no standard")?;
/// let shift = compare_standard(&region, &after, basic)?.shift;
/// // Nobody gets nearer to a hospital by a closure.
/// assert_eq!((shift.sooner.people(), shift.no_longer_in_time), (0.0, 3_424.0));
/// assert!(shift.later.mean_seconds() > Some(14.0 * 60.0), "more than fourteen minutes for each of them");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Shift {
    /// Whose time falls.
    pub sooner: Moved,
    /// Whose time rises.
    pub later: Moved,
    /// People who are in time after and were not before; expected ones where durations scatter, 0 where there is
    /// no limit.
    pub new_in_time: f64,
    /// People who were in time before and are not after.
    pub no_longer_in_time: f64,
    /// People who have a way after and had none before.
    pub new_way: f64,
    /// People who had a way before and have none after.
    pub without_way: f64,
}

impl Shift {
    /// Whether nobody's time changes, and nobody's way.
    pub fn is_nothing(&self) -> bool {
        self.sooner.people_millionths == 0
            && self.later.people_millionths == 0
            && self.new_way == 0.0
            && self.without_way == 0.0
            && self.new_in_time == 0.0
            && self.no_longer_in_time == 0.0
    }

    /// Seconds that all of them gain together, in millionths, less those that are lost: below 0 where more is lost.
    pub fn net_seconds_millionths(&self) -> i128 {
        // A hundred million people times sixty days are far from the end of these numbers.
        let (sooner, later) = (self.sooner.seconds_millionths, self.later.seconds_millionths);
        sooner.cast_signed() - later.cast_signed()
    }

    /// Both together, of other people.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self {
            sooner: self.sooner.and(more.sooner),
            later: self.later.and(more.later),
            new_in_time: self.new_in_time + more.new_in_time,
            no_longer_in_time: self.no_longer_in_time + more.no_longer_in_time,
            new_way: self.new_way + more.new_way,
            without_way: self.without_way + more.without_way,
        }
    }

    /// Adds some people who were served so before and are served so after.
    pub(super) fn add(&mut self, who: Weight, before: Service, after: Service) {
        match (before.time, after.time) {
            (Some(then), Some(now)) if now < then => self.sooner.add(who, then - now),
            (Some(then), Some(now)) if now > then => self.later.add(who, now - then),
            (None, Some(_)) => self.new_way += people(who.people),
            (Some(_), None) => self.without_way += people(who.people),
            _ => {}
        }
        let more = (after.within - before.within) * people(who.people);
        if more > 0.0 {
            self.new_in_time += more;
        } else {
            self.no_longer_in_time -= more;
        }
    }
}

/// How some people do: how many have a way, in what time, and how many are in time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Served {
    /// People.
    pub people: f64,
    /// Those of them who have a way.
    pub with_way: f64,
    /// Mean time in seconds of those who have one; of a pathway with every duration at its median.
    pub mean_seconds: Option<f64>,
    /// Share of all of them who are in time, 0 to 1; `None` where there is no limit, or nobody.
    pub share_in_time: Option<f64>,
}

/// The same while people are added.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    people: u64,
    with_way: u64,
    seconds: u128,
    within: f64,
}

impl Tally {
    pub(super) fn add(&mut self, who: Weight, service: Service) {
        self.people += who.people;
        if let Some(time) = service.time {
            self.with_way += who.people;
            self.seconds += u128::from(who.people) * u128::from(time.0);
        }
        self.within += service.within * people(who.people);
    }

    /// Both together, of other people.
    pub(super) fn and(self, more: Self) -> Self {
        Self {
            people: self.people + more.people,
            with_way: self.with_way + more.with_way,
            seconds: self.seconds + more.seconds,
            within: self.within + more.within,
        }
    }

    /// Its figures; whether there is a limit.
    pub(super) fn served(&self, has_limit: bool) -> Served {
        let mean = self.seconds as f64 / self.with_way as f64;
        let in_time = self.within / people(self.people);
        Served {
            people: people(self.people),
            with_way: people(self.with_way),
            mean_seconds: (self.with_way > 0).then_some(mean),
            share_in_time: (has_limit && self.people > 0).then_some(in_time),
        }
    }
}

/// Some people by number, in millionths, and cases a year.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weight {
    pub(super) people: u64,
    pub(super) cases: f64,
}

/// How some people are served.
#[derive(Debug, Clone, Copy)]
pub(super) struct Service {
    pub(super) time: Option<Seconds>,
    /// The share of them who are in time; 0 where there is no limit.
    pub(super) within: f64,
}

/// People of so many millionths.
pub(super) fn people(millionths: u64) -> f64 {
    millionths as f64 / MILLION as f64
}
