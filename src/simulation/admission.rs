//! When a scenario diverts and closes wards.

use super::WardId;
use super::periods::{Clock, changes_of};
use super::wards::Wards;
use crate::queueing::ChangeKind;
use crate::region::Region;
use crate::scenario::{Change, Scenario};

/// A time in which a ward is diverted or closed, in days since the start of the run.
#[derive(Debug, Clone, Copy)]
struct Spell {
    from: f64,
    until: f64,
    is_closure: bool,
}

/// When a scenario diverts or closes wards.
#[derive(Debug)]
pub(super) struct Admissions {
    /// By ward, in the order of the beginnings.
    spells: Vec<Vec<Spell>>,
    /// By ward: from and until when it is closed, rising, none within another one.
    closures: Vec<Vec<(f64, f64)>>,
}

impl Admissions {
    pub(super) fn new(
        region: &Region,
        wards: &Wards,
        scenario: Option<&Scenario>,
        clock: &Clock,
    ) -> Self {
        let mut spells: Vec<Vec<Spell>> = vec![Vec::new(); wards.list.len()];
        for dated in changes_of(scenario) {
            let (key, is_closure) = match &dated.change {
                Change::DivertDepartment(key) => (key, Some(false)),
                Change::CloseDepartment(key) => (key, Some(true)),
                Change::OpenDepartment(key) => (key, None),
                _ => continue,
            };
            // A department without beds has no ward, and nothing to close.
            let Some(hospital) = region.network().find(&key.hospital) else { continue };
            let Some(ward) = wards.find(hospital, &key.specialty) else { continue };
            let (from, until) = clock.time_of(dated);
            if let Some(is_closure) = is_closure {
                spells[ward.index()].push(Spell { from, until, is_closure });
                continue;
            }
            // Opening ends all that has no end of its own.
            for spell in &mut spells[ward.index()] {
                if spell.until.is_infinite() {
                    spell.until = from;
                }
            }
        }
        let mut closed = Vec::with_capacity(spells.len());
        for spells in &spells {
            closed.push(closures(spells));
        }
        Self { spells, closures: closed }
    }

    /// From and until when a ward is closed, in order.
    pub(super) fn closures(&self, ward: WardId) -> impl Iterator<Item = (f64, f64)> {
        self.closures[ward.index()].iter().copied()
    }

    /// Whether a ward is closed at a time of the run.
    pub(super) fn is_closed(&self, ward: WardId, at: f64) -> bool {
        let closures = &self.closures[ward.index()];
        let begun = closures.partition_point(|(from, _)| *from <= at);
        match closures[..begun].last() {
            Some((_, until)) => at < *until,
            None => false,
        }
    }

    /// What happens to a ward, and when. Where a closure ends within a diversion, the diversion goes on.
    pub(super) fn changes(&self, ward: WardId, horizon: f64) -> Vec<(f64, ChangeKind)> {
        let mut borders = Vec::new();
        for spell in &self.spells[ward.index()] {
            // One that was opened again at the moment when it began never held.
            if spell.from < spell.until {
                let is_closure = spell.is_closure;
                borders.push(Border { at: spell.from, is_closure, begins: true });
                borders.push(Border { at: spell.until, is_closure, begins: false });
            }
        }
        borders.sort_by(|a, b| a.at.total_cmp(&b.at));
        // How many closures and diversions hold.
        let (mut closures, mut diversions) = (0_usize, 0_usize);
        let mut changes: Vec<(f64, ChangeKind)> = Vec::new();
        for Border { at, is_closure, begins } in borders {
            let count = if is_closure { &mut closures } else { &mut diversions };
            if begins {
                *count += 1;
            } else {
                *count -= 1;
            }
            let kind = match (closures, diversions) {
                (0, 0) => ChangeKind::Open,
                (0, _) => ChangeKind::Divert,
                _ => ChangeKind::Close,
            };
            if !(0.0..=horizon).contains(&at) {
                continue;
            }
            // At one moment only the last word counts: a closure that ends as another one begins opens nothing.
            match changes.last_mut() {
                Some((last, last_kind)) if *last == at => *last_kind = kind,
                _ => changes.push((at, kind)),
            }
        }
        changes
    }
}

/// From and until when a ward is closed, rising; closures that overlap are one.
fn closures(spells: &[Spell]) -> Vec<(f64, f64)> {
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for spell in spells {
        if spell.is_closure && spell.from < spell.until {
            spans.push((spell.from, spell.until));
        }
    }
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for (from, until) in spans {
        match merged.last_mut() {
            Some((_, last)) if from < *last => *last = last.max(until),
            _ => merged.push((from, until)),
        }
    }
    merged
}

/// Where a spell begins or ends.
struct Border {
    at: f64,
    is_closure: bool,
    begins: bool,
}
