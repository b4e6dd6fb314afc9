//! What a change did: the region before it beside the one that the page shows.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::comparison::{
    ClockShift, ComparisonError, HospitalChange, PathwayShift, PlaceChange, StandardChange, compare,
};
use crate::coverage::Reach;
use crate::model::{Network, OverBand, Position};
use crate::page::findings::{called, filled, pathway_name};
use crate::page::map::Map;
use crate::page::markup::{escaped, escaped_name, name, table_cell};
use crate::page::tables::{over_band, table};
use crate::page::text::{Change, Columns};
use crate::pathways::{Measured, Protocol};
use crate::region::Region;
use crate::report::Cell;
use crate::routing::{Choice, Huff};

/// Places that are listed.
const WORST: usize = 10;
/// Hospitals whose cases are listed.
const RECEIVERS: usize = 10;

/// What a change does to every standard, to times to treatment and to the cases of hospitals; a page of the region after it shows it as before and after.
///
/// ```
/// use verbund::Region;
/// use verbund::page::PageChange;
/// use verbund::scenario::{Change, DatedChange, Scenario};
///
/// let region = Region::leipzig()?;
/// let closes = Change::CloseHospital("kkh-torgau".into());
/// let dated = DatedChange::new("2026-07-01".parse()?, "an example", closes);
/// let scenario = Scenario::new("no-torgau", "Torgau closes", "invented").change(dated);
/// let after = region.apply(&[&scenario], "2026-07-01".parse()?)?;
///
/// let change = PageChange::between("Torgau closes", &region, &after)?;
/// assert_eq!(change.standards[0].lost, 3_424); // within 30 minutes of basic care before
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PageChange {
    /// What it is called.
    pub name: String,
    /// By standard of the catalog after it, in its order.
    pub standards: Vec<StandardChange>,
    /// Who gains and who loses in every care pathway that both catalogs have.
    pub pathways: Vec<PathwayShift>,
    /// Hospitals with a case a year more or fewer by beds and journeys (Huff), the largest change first.
    pub hospitals: Vec<HospitalChange>,
    /// Hospitals that are gone, by key: the network of the page does not know them any more.
    pub(super) gone: BTreeMap<String, Gone>,
}

/// A hospital that is gone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gone {
    pub(super) name: String,
    pub(super) position: Position,
}

impl PageChange {
    /// What lies between two regions of the same places.
    ///
    /// # Errors
    ///
    /// Those of [`compare`].
    pub fn between(
        name: impl Into<String>,
        before: &Region,
        after: &Region,
    ) -> Result<Self, ComparisonError> {
        // Of the catalog after the change: a scenario leaves standards as they are.
        let asked = &after.network().catalog().standards;
        let compared = compare(before, after, asked, Choice::Huff(Huff::default()))?;
        let mut gone = BTreeMap::new();
        for hospital in before.network().hospitals() {
            if after.network().find(&hospital.key).is_none() {
                let (name, position) = (hospital.name.clone(), hospital.position);
                gone.insert(hospital.key.clone(), Gone { name, position });
            }
        }
        Ok(Self {
            name: name.into(),
            gone,
            standards: compared.standards,
            pathways: compared.pathways,
            hospitals: compared.hospitals,
        })
    }

    /// One sentence on whom it concerns most.
    pub(super) fn finding(&self) -> String {
        let words = Change::here();
        let title = ("name", name(&self.name));
        let Some(worst) = self.worst().map(|worst| &self.standards[worst]) else {
            return filled(words.nobody, &[title]);
        };
        let values = [
            title,
            ("people", Cell::count(worst.lost).display()),
            ("standard", called(&worst.standard)),
            ("limit", worst.standard.minutes.to_string()),
        ];
        let told = filled(words.finding, &values);
        match worst.over_band() {
            Some(OverBand::NotDecided) => format!("{told} {}", words.finding_not_decided),
            _ => told,
        }
    }

    /// The standard of which most people are newly beyond the limit; `None` where nobody is.
    fn worst(&self) -> Option<usize> {
        // Of equally many people the first standard of the catalog counts.
        let mut worst = None;
        let mut most = 0;
        for (number, standard) in self.standards.iter().enumerate() {
            if standard.lost > most {
                (worst, most) = (Some(number), standard.lost);
            }
        }
        worst
    }

    /// Five numbers that a council asks for first.
    pub(super) fn numbers(&self, network: &Network) -> String {
        let words = Change::here();
        let mut told = String::new();
        let mut add = |number: String, about: String| {
            told.push_str(&format!(
                "<div><dt>{}</dt><dd>{}</dd></div>",
                escaped(&about),
                escaped(&number)
            ));
        };
        let standard = self.worst().map(|worst| &self.standards[worst]);
        // Where nobody gets beyond a limit, the standard counts of which most people travel longer.
        let standard = standard.or_else(|| {
            let later = |change: &&StandardChange| change.shift.later.people_millionths;
            self.standards.iter().max_by_key(later)
        });
        if let Some(change) = standard {
            let standard = ("standard", called(&change.standard));
            let limit = ("limit", change.standard.minutes.to_string());
            let later = &change.shift.later;
            let by = ("minutes", Cell::maybe_minutes(later.mean_seconds()).display());
            add(
                Cell::count(change.lost).display(),
                filled(words.newly_beyond, &[standard.clone(), limit]),
            );
            add(count_of(later.people()), filled(words.longer, &[standard, by]));
        }
        if let Some(slowest) = self.slowest() {
            let pathway = network.catalog().pathway(slowest.key);
            let called = pathway.map_or_else(|| name(slowest.key), pathway_name);
            let later = &slowest.clock.all.shift.later;
            let values = [
                ("pathway", called),
                ("minutes", Cell::maybe_minutes(later.mean_seconds()).display()),
            ];
            add(count_of(later.people()), filled(words.later, &values));
        }
        let (mut more, mut overfull) = (0.0, 0);
        for hospital in &self.hospitals {
            more += hospital.load.more_cases().max(0.0);
            overfull += usize::from(hospital.load.is_newly_overfull());
        }
        add(count_of(more), words.taken.to_owned());
        add(Cell::count(overfull).display(), words.overfull.to_owned());
        format!(
            "<section class=\"numbers\" aria-label=\"{}\"><dl>{told}</dl></section>",
            escaped(words.numbers)
        )
    }

    /// The pathway of which most people are later at its last stage, where the rescue service goes to the nearest door.
    fn slowest(&self) -> Option<Slowest<'_>> {
        let mut slowest: Option<Slowest<'_>> = None;
        for shift in &self.pathways {
            // Under a free choice patients go around what is slow: the stricter of the two is told.
            if shift.protocol != Protocol::NearestDoor {
                continue;
            }
            let Some(clock) = last_stage(shift) else { continue };
            let people = clock.all.shift.later.people_millionths;
            let most =
                slowest.as_ref().map_or(0, |before| before.clock.all.shift.later.people_millionths);
            if people > most {
                slowest = Some(Slowest { key: &shift.pathway, clock });
            }
        }
        slowest
    }

    /// Before and after, as a part of the page.
    pub(super) fn section(&self, network: &Network) -> String {
        let words = Change::here();
        let heading = filled(words.heading, &[("name", name(&self.name))]);
        format!(
            "<section id=\"change\" aria-labelledby=\"change-title\"><h2 id=\"change-title\">{}</h2>{}<div class=\"hit\"><h3>{}</h3>{}</div><div class=\"moved\"><div><h3>{}</h3>{}</div><div><h3>{}</h3>{}</div></div></section>",
            escaped(&heading),
            self.standards_table(),
            escaped(words.places),
            self.places_table(),
            escaped(words.receivers),
            self.receivers_table(network),
            escaped(words.treatment),
            self.pathways_table(network)
        )
    }

    /// Hospitals that take more cases, or fewer.
    fn receivers_table(&self, network: &Network) -> String {
        let words = Change::here();
        let mut rows = Vec::new();
        for change in self.hospitals.iter().take(RECEIVERS) {
            let load = &change.load;
            let (cases, occupancy) = (load.cases(), load.occupancy());
            let called = match network.find(&change.hospital) {
                Some(id) => &network[id].name,
                None => self.gone.get(&change.hospital).map_or(&change.hospital, |gone| &gone.name),
            };
            let there = |number: f64, is_there: bool| {
                table_cell(&if is_there {
                    Cell::count(number.round() as u64)
                } else {
                    Cell::Missing
                })
            };
            rows.push(format!(
                "<tr><th scope=\"row\">{}</th>{}{}<td class=\"number\">{}</td>{}{}</tr>\n",
                escaped_name(called),
                there(cases.before, load.before.is_some()),
                there(cases.after, load.after.is_some()),
                escaped(&signed(load.more_cases())),
                table_cell(&Cell::maybe_share(occupancy.before)),
                table_cell(&Cell::maybe_share(occupancy.after))
            ));
        }
        let headings = [
            Columns::here().hospital,
            words.cases_before,
            words.after,
            words.more,
            words.occupancy_before,
            words.after,
        ];
        table("receivers", &headings, &rows)
    }

    /// Whether the other rule for the first door moves the same people of a pathway by the same times.
    fn same_as(&self, shift: &PathwayShift) -> bool {
        for rival in &self.pathways {
            if rival.pathway == shift.pathway && rival.protocol != shift.protocol {
                let (here, there) = (last_stage(shift), last_stage(rival));
                return here.map(|clock| &clock.all) == there.map(|clock| &clock.all);
            }
        }
        false
    }

    /// Care pathways whose last stage is reached at another time.
    fn pathways_table(&self, network: &Network) -> String {
        let words = Change::here();
        let mut rows = Vec::new();
        for shift in &self.pathways {
            let Some(clock) = last_stage(shift) else { continue };
            let moved = &clock.all.shift;
            if moved.is_nothing() {
                continue;
            }
            let pathway = network.catalog().pathway(&shift.pathway);
            // Where both rules for the first door come to the same, it is said once.
            let by_rule = self.same_as(shift);
            let door = match (shift.protocol, by_rule) {
                (Protocol::Free, true) => continue,
                (_, true) => words.any_door,
                (Protocol::NearestDoor, false) => words.nearest_door,
                (_, false) => words.free_door,
            };
            rows.push(format!(
                "<tr><th scope=\"row\">{}<small>{}</small></th>{}{}{}{}</tr>\n",
                escaped(&pathway.map_or_else(|| name(&shift.pathway), pathway_name)),
                escaped(door),
                table_cell(&Cell::count(moved.sooner.people().round() as u64)),
                table_cell(&Cell::count(moved.later.people().round() as u64)),
                table_cell(&Cell::maybe_minutes(clock.all.before.mean_seconds)),
                table_cell(&Cell::maybe_minutes(clock.all.after.mean_seconds))
            ));
        }
        let headings =
            [words.pathway, words.sooner, words.people_later, words.mean_before, words.after];
        table("treatment", &headings, &rows)
    }

    fn standards_table(&self) -> String {
        let (columns, words) = (Columns::here(), Change::here());
        let mut rows = Vec::new();
        for change in &self.standards {
            let share = |reach: &Reach| {
                let share = reach.share_within_limit().filter(|_| change.is_offered);
                table_cell(&Cell::maybe_share(share))
            };
            let mean = |reach: &Reach| table_cell(&Cell::maybe_minutes(reach.mean_seconds));
            rows.push(format!(
                "<tr><th scope=\"row\">{}</th>{}{}{}{}{}{}{}</tr>\n",
                escaped(&called(&change.standard)),
                table_cell(&Cell::count(change.lost)),
                table_cell(&Cell::count(change.won)),
                share(&change.before),
                share(&change.after),
                over_band(change.over_band()),
                mean(&change.before),
                mean(&change.after)
            ));
        }
        let headings = [
            columns.standard,
            columns.newly_beyond,
            words.newly_in_time,
            words.share_before,
            words.after,
            columns.over_band,
            words.mean_before,
            words.after,
        ];
        table("change", &headings, &rows)
    }

    /// The places in which most people are newly beyond a limit, then those that travel longest in addition.
    fn places_table(&self) -> String {
        let (columns, words) = (Columns::here(), Change::here());
        let mut places: Vec<(&StandardChange, &PlaceChange)> = Vec::new();
        for standard in &self.standards {
            for place in &standard.places {
                if place.lost > 0 || place.extra_seconds() > 0.0 {
                    places.push((standard, place));
                }
            }
        }
        // Stable: equal ones stay in the order of the standards.
        places.sort_by(|(_, a), (_, b)| {
            let by_people = Reverse(a.lost).cmp(&Reverse(b.lost));
            by_people.then(b.extra_seconds().total_cmp(&a.extra_seconds()))
        });

        // One place may stand there several times: for two standards it is hit twice.
        let mut rows = Vec::new();
        for (standard, place) in places.into_iter().take(WORST) {
            rows.push(format!(
                "<tr><th scope=\"row\">{}<small>{}</small></th><td>{}</td>{}{}{}</tr>\n",
                escaped_name(&place.name),
                escaped_name(&place.district),
                escaped(&called(&standard.standard)),
                table_cell(&Cell::count(place.lost)),
                table_cell(&Cell::maybe_minutes(place.before_seconds)),
                table_cell(&Cell::maybe_minutes(place.after_seconds))
            ));
        }
        let headings =
            [columns.place, columns.standard, columns.newly_beyond, words.mean_before, words.after];
        table("failures", &headings, &rows)
    }

    /// For the map: which of the places that are drawn lose and win, by standard and by care pathway.
    pub(super) fn shifts(&self, region: &Region, map: &Map) -> ChangeData {
        let mut standards = Vec::with_capacity(self.standards.len());
        for change in &self.standards {
            let mut moved = HashMap::new();
            for place in &change.places {
                let people = (place.lost as f64, place.won as f64);
                moved.insert(place.place.as_str(), people);
            }
            standards.push(ShiftData::of(region, map, &moved));
        }

        let mut pathways = BTreeMap::new();
        for shift in &self.pathways {
            let is_shown = shift.protocol == Protocol::NearestDoor;
            let Some(clock) = last_stage(shift).filter(|_| is_shown) else { continue };
            let mut moved = HashMap::new();
            for place in &clock.places {
                let people = &place.shift;
                let lost = people.later.people() + people.without_way;
                let won = people.sooner.people() + people.new_way;
                moved.insert(place.place.as_str(), (lost, won));
            }
            pathways.insert(shift.pathway.clone(), ShiftData::of(region, map, &moved));
        }
        let worst = self.worst().unwrap_or(0);
        ChangeData { name: name(&self.name), worst, standards, pathways }
    }
}

/// A pathway whose patients are later.
struct Slowest<'c> {
    key: &'c str,
    clock: &'c ClockShift,
}

/// Who gains and who loses until the last stage.
fn last_stage(shift: &PathwayShift) -> Option<&ClockShift> {
    shift.clocks.iter().rfind(|clock| matches!(clock.measured, Measured::Stage(_)))
}

fn count_of(number: f64) -> String {
    Cell::count(number.round() as u64).display()
}

/// A number of cases with its sign.
fn signed(cases: f64) -> String {
    let sign = if cases < 0.0 { '−' } else { '+' };
    format!("{sign}{}", count_of(cases.abs()))
}

/// A change as the script reads it.
#[derive(Serialize)]
pub(super) struct ChangeData {
    name: String,
    /// The standard that the map shows first.
    worst: usize,
    standards: Vec<ShiftData>,
    /// By key of the care pathway, where the rescue service goes to the nearest door.
    pathways: BTreeMap<String, ShiftData>,
}

/// Places by their position on the map.
#[derive(Serialize, Default)]
struct ShiftData {
    lost: Vec<usize>,
    won: Vec<usize>,
}

impl ShiftData {
    /// `moved` has the people who lose and who win by place.
    fn of(region: &Region, map: &Map, moved: &HashMap<&str, (f64, f64)>) -> Self {
        let mut shift = Self::default();
        for (number, ground) in map.grounds.iter().enumerate() {
            let (mut lost, mut won) = (0.0, 0.0);
            for place in &ground.places {
                let key = region.place(*place).key.as_str();
                let Some((fewer, more)) = moved.get(key) else { continue };
                lost += fewer;
                won += more;
            }
            // As in the what-if: what counts is whether more lose or more win in the place as a whole.
            if lost > won {
                shift.lost.push(number);
            } else if won > lost {
                shift.won.push(number);
            }
        }
        shift
    }
}
