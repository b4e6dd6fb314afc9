//! Who gains and who loses by a change, standard by standard.

use crate::coverage::{self, CoverageError, HitIndex, HospitalSet, Nearest, Reach, update};
use crate::model::{PopulationGroup, Standard};
use crate::region::{PlaceId, Region};
use crate::stats::TimeDistribution;

/// How some people reach care before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct ReachChange {
    /// Name of the district or age band.
    pub name: String,
    /// Before.
    pub before: Reach,
    /// After.
    pub after: Reach,
}

/// How one place reaches care before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceChange {
    /// Key of the place.
    pub place: String,
    /// Its name.
    pub name: String,
    /// People of the standard's group, after.
    pub people: u64,
    /// Of them, those who are within the limit now and were not before.
    pub won: u64,
    /// Of them, those who were within the limit and no longer are.
    pub lost: u64,
    /// Mean time in seconds before.
    pub before_seconds: Option<f64>,
    /// Mean time in seconds after.
    pub after_seconds: Option<f64>,
}

impl PlaceChange {
    /// Seconds that its people travel longer, all together; below 0 when they travel shorter, 0 where a
    /// mean is missing.
    pub fn extra_seconds(&self) -> f64 {
        match (self.before_seconds, self.after_seconds) {
            (Some(before), Some(after)) => (after - before) * self.people as f64,
            _ => 0.0,
        }
    }
}

/// What a change does to a standard.
#[derive(Debug, Clone, PartialEq)]
pub struct StandardChange {
    /// The standard.
    pub standard: Standard,
    /// Everybody inside, before.
    pub before: Reach,
    /// Everybody inside, after.
    pub after: Reach,
    /// People who are within the limit after and were not before.
    pub won: u64,
    /// People who were within the limit before and are not after.
    pub lost: u64,
    /// By district, in the order of their names.
    pub districts: Vec<ReachChange>,
    /// By age band of the places, the youngest first; empty for places without ages.
    pub bands: Vec<ReachChange>,
    /// By place inside where anything changes: the most people lost first, then the most extra time,
    /// ties by key.
    pub places: Vec<PlaceChange>,
    /// Points of places that were looked up again; all others kept their hospitals.
    pub looked_up: usize,
}

/// Compares one standard on two regions of the same places.
///
/// A point counts as won or lost as a whole, with its people after the change. Where a place is laid
/// out in another number of points because its people changed, its net change counts.
///
/// # Errors
///
/// When the requirement names unknown keys or the limit is beyond a region's cut-off.
pub fn compare_standard(
    (before, after): (&Region, &Region),
    standard: &Standard,
) -> Result<StandardChange, CoverageError> {
    coverage::check(before, standard)?;
    coverage::check(after, standard)?;
    let meeting = |region: &Region| HospitalSet::meeting(region.network(), &standard.requirement);
    let (old_set, new_set) = (meeting(before), meeting(after));
    let old = Nearest::find(before.times(), before.parts().len(), &old_set);
    let index = HitIndex::new(&old, before.network().hospitals().len());
    let updated = update((before, &old, &index), &old_set, (after, &new_set));
    let new = updated.nearest;
    let first = coverage::of_hits(before, standard, &old_set, &old);
    let second = coverage::of_hits(after, standard, &new_set, &new);

    let mut change = StandardChange {
        standard: standard.clone(),
        won: 0,
        lost: 0,
        districts: Vec::new(),
        bands: bands((before, &old), (after, &new), standard),
        places: Vec::new(),
        looked_up: updated.looked_up,
        before: first.total,
        after: second.total,
    };
    for (name, own) in second.districts {
        let was = first.districts.iter().find(|(other, _)| *other == name);
        if let Some((_, was)) = was {
            change.districts.push(ReachChange { name, before: was.clone(), after: own });
        }
    }
    let limit = standard.limit();
    let people = after.people(&standard.population);
    let kept = after.kept_parts(before);
    for own in &second.places {
        let key = &after.place(own.place).key;
        let was = first.places.iter().find(|one| before.place(one.place).key == *key);
        let Some(was) = was else { continue };
        let (mut won, mut lost) = (0, 0);
        let parts = after.parts_of(own.place);
        if parts.clone().all(|part| kept[part].is_some()) {
            for part in parts {
                let old_part = kept[part].map_or(0, |was| was as usize);
                let was = old.first(old_part).is_some_and(|(_, time)| time <= limit);
                let is = new.first(part).is_some_and(|(_, time)| time <= limit);
                let count = u64::from(people[part]);
                won += if is && !was { count } else { 0 };
                lost += if was && !is { count } else { 0 };
            }
        } else {
            won = was.beyond_limit().saturating_sub(own.beyond_limit());
            lost = own.beyond_limit().saturating_sub(was.beyond_limit());
        }
        change.won += won;
        change.lost += lost;
        if won > 0 || lost > 0 || was.mean_seconds != own.mean_seconds {
            change.places.push(PlaceChange {
                place: key.clone(),
                name: after.place(own.place).name.clone(),
                people: own.people,
                won,
                lost,
                before_seconds: was.mean_seconds,
                after_seconds: own.mean_seconds,
            });
        }
    }
    change.places.sort_by(|a, b| {
        let extra = b.extra_seconds().total_cmp(&a.extra_seconds());
        b.lost.cmp(&a.lost).then(extra).then_with(|| a.place.cmp(&b.place))
    });
    Ok(change)
}

/// Times by age band, of the standard's group.
fn bands(
    before: (&Region, &Nearest),
    after: (&Region, &Nearest),
    standard: &Standard,
) -> Vec<ReachChange> {
    let of_band = |(region, nearest): (&Region, &Nearest), group: &PopulationGroup| {
        let people = region.people(group);
        let mut times = TimeDistribution::new();
        for id in region.place_ids().filter(|id: &PlaceId| !region.place(*id).outside) {
            for part in region.parts_of(id) {
                let time = nearest.first(part).map(|(_, time)| time);
                times.add(time, u64::from(people[part]));
            }
        }
        Reach::of(&times, standard.limit())
    };
    let asked = &standard.population;
    let bands = after.0.places().bands.iter().filter(|band| {
        band.from <= asked.to.unwrap_or(u8::MAX) && asked.from <= band.to.unwrap_or(u8::MAX)
    });
    let changes = bands.map(|band| {
        let to = [band.to, asked.to].into_iter().flatten().min();
        let group = PopulationGroup { sex: asked.sex, from: band.from.max(asked.from), to };
        ReachChange {
            name: group.label(),
            before: of_band(before, &group),
            after: of_band(after, &group),
        }
    });
    changes.filter(|one| one.before.people + one.after.people > 0).collect()
}
