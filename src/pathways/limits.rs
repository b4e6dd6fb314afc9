//! How short and how long it can be from one event to another, whatever the place.

use super::course::Point;
use super::sites::{AlertAt, Prepared, Role};
use crate::model::{Means, StageFrom, StageProvision, Urgency};
use crate::units::Seconds;

/// What the time between two events cannot go below and beyond, by the durations that are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeLimits {
    /// No journey, nobody transferred, for each stage the fastest way that anybody has.
    pub(super) shortest: Seconds,
    /// Journeys as long as the region's times go, a transfer before each stage, the slowest ways.
    pub(super) longest: Seconds,
}

/// Which end of the times is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Shortest,
    Longest,
}

impl End {
    /// The one of two times that counts.
    fn pick(self, a: Seconds, b: Seconds) -> Seconds {
        match self {
            Self::Shortest => a.min(b),
            Self::Longest => a.max(b),
        }
    }
}

/// The longest that an elective patient waits for an hour of the week.
const WEEK: Seconds = Seconds(7 * 24 * 3600);

impl Prepared<'_> {
    /// Limits of the time from the call, first contact or the door to another event; `None` where
    /// nobody can do some stage up to it.
    pub(super) fn limits(&self, from: Point, to: Point) -> Option<TimeLimits> {
        let mut limits: Option<TimeLimits> = None;
        for &means in &self.pathway.first_leg {
            let shortest = self.extreme(means, from, to, End::Shortest)?;
            let longest = self.extreme(means, from, to, End::Longest)?;
            let before = limits.unwrap_or(TimeLimits { shortest, longest });
            limits = Some(TimeLimits {
                shortest: before.shortest.min(shortest),
                longest: before.longest.max(longest),
            });
        }
        limits
    }

    /// The least or the greatest time by one means.
    fn extreme(&self, means: Means, from: Point, to: Point, end: End) -> Option<Seconds> {
        let times = self.region.network().catalog().first_leg.times(means);
        let journey = match end {
            End::Shortest => Seconds(0),
            End::Longest => self.region.times().cutoff(),
        };
        let waits = self.pathway.urgency == Urgency::Elective && end == End::Longest;
        let wait = if waits { WEEK } else { Seconds(0) };
        let door = times.departure + journey;
        let contact = times.contact.unwrap_or(door);
        // Seconds of the first leg that are over when the clock starts; only the call is before the wait.
        let (before, wait) = match from {
            Point::FirstContact => (contact, Seconds(0)),
            Point::Door => (door, Seconds(0)),
            _ => (Seconds(0), wait),
        };
        let came = (door - before) + wait;
        let handover = came + times.handover;
        match to {
            Point::Call => return Some(Seconds(0)),
            Point::FirstContact => return Some((contact - before) + wait),
            Point::Door => return Some(came),
            Point::Handover => return Some(handover),
            Point::Arrival(_) | Point::Departure(_) | Point::Start(_) | Point::Done(_) => {}
        }
        let ready = match self.pathway.stages.first().map(|stage| stage.from) {
            Some(StageFrom::Handover) => handover,
            Some(StageFrom::Door) | None => came,
        };
        self.extreme_of_stages(to, Walk { from, end, journey, came, ready })
    }

    /// The least or the greatest time to an event of a stage, on a walk that has come to the door.
    fn extreme_of_stages(&self, to: Point, mut walk: Walk) -> Option<Seconds> {
        let mut ends = vec![Seconds(0)];
        for (stage, data) in self.pathway.stages.iter().enumerate() {
            // Between two stages there is at most one transfer; the fastest route has none.
            if stage > 0 && walk.end == End::Longest {
                walk.ready = walk.ready.max(walk.came + self.longest_term()) + walk.journey;
                walk.came = walk.ready;
            }
            if to == Point::Arrival(stage) || to == Point::Departure(stage) {
                return Some(walk.came);
            }
            let start = self.start(stage, walk, &ends)?;
            if to == Point::Start(stage) {
                return Some(start);
            }
            walk.ready = start + data.duration;
            if to == Point::Done(stage) {
                return Some(walk.ready);
            }
            ends.push(walk.ready);
        }
        None
    }

    /// The longest time from arrival at a hospital to a transfer.
    fn longest_term(&self) -> Seconds {
        let rule = &self.pathway.transfer;
        let mut longest = rule.without_agreement.penalty().unwrap_or_default();
        longest = rule.door_in_door_out + longest;
        for link in self.classes.iter().flat_map(|sites| &sites.links) {
            if let Role::Transfer { door_in_door_out } = link.role {
                longest = longest.max(Seconds(door_in_door_out));
            }
        }
        longest
    }

    /// When a stage starts first or last, over all ways that somebody has in some hour. `ends` are the
    /// call, then the ends of the stages before.
    fn start(&self, stage: usize, walk: Walk, ends: &[Seconds]) -> Option<Seconds> {
        let ways = &self.pathway.stages[stage].ways;
        let mut start: Option<Seconds> = None;
        let mut offer = |time: Seconds| {
            start = Some(start.map_or(time, |known| walk.end.pick(known, time)));
        };
        for sites in &self.classes {
            for (way, on_site) in ways.iter().zip(&sites.on_site[stage]) {
                if matches!(way, StageProvision::OnSite) && !on_site.is_clear() {
                    offer(walk.ready);
                }
            }
            for link in &sites.links {
                let Role::Way { stage: serves, way, term } = link.role else { continue };
                if usize::from(serves) != stage {
                    continue;
                }
                let help = match ways[usize::from(way)] {
                    StageProvision::VisitingTeam { .. } => {
                        let alert = self.alerts[stage][usize::from(way)];
                        walk.alerted(alert, ends) + Seconds(term) + walk.journey
                    }
                    _ => walk.ready + Seconds(term),
                };
                offer(walk.ready.max(help));
            }
        }
        start
    }
}

/// A patient's walk through the stages, in seconds since the clock started.
#[derive(Clone, Copy)]
struct Walk {
    /// Where the clock starts.
    from: Point,
    end: End,
    /// Of each journey, of patients and of teams.
    journey: Seconds,
    /// Arrival at the hospital.
    came: Seconds,
    /// When the patient is ready for the next stage.
    ready: Seconds,
}

impl Walk {
    /// When a team is alerted. The call may lie before the clock: at the earliest the team is there
    /// when it starts, at the latest it is alerted then.
    fn alerted(self, alert: AlertAt, ends: &[Seconds]) -> Seconds {
        match alert {
            AlertAt::Arrival => self.came,
            AlertAt::Variable(0) if self.from != Point::Call && self.end == End::Shortest => {
                Seconds(0)
            }
            AlertAt::Variable(number) => ends.get(usize::from(number)).copied().unwrap_or_default(),
        }
    }
}
