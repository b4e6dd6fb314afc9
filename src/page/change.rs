//! What a change did: the region before it beside the one that the page shows.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde::Serialize;

use crate::comparison::{ComparisonError, PlaceChange, StandardChange};
use crate::coverage::Reach;
use crate::page::findings::filled;
use crate::page::map::Map;
use crate::page::markup::{escaped, escaped_name, name, table_cell};
use crate::page::tables::table;
use crate::page::text::ENGLISH;
use crate::region::Region;
use crate::report::Cell;

/// Places that are listed.
const WORST: usize = 10;

/// What a change does to every standard; a page of the region after it shows it as before and after.
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
}

impl PageChange {
    /// What lies between two regions of the same places.
    ///
    /// # Errors
    ///
    /// Those of [`compare_standard`](crate::comparison::compare_standard), of the first standard that has one.
    pub fn between(
        name: impl Into<String>,
        before: &Region,
        after: &Region,
    ) -> Result<Self, ComparisonError> {
        // Of the catalog after the change: a scenario leaves standards as they are.
        let asked = &after.network().catalog().standards;
        let standards = StandardChange::of_each(before, after, asked)?;
        Ok(Self { name: name.into(), standards })
    }

    /// One sentence on whom it concerns most.
    pub(super) fn finding(&self) -> String {
        let words = &ENGLISH.change;
        // Of equally many people the first standard of the catalog counts.
        let mut worst: Option<&StandardChange> = None;
        for standard in &self.standards {
            if standard.lost > worst.map_or(0, |before| before.lost) {
                worst = Some(standard);
            }
        }
        let called = ("name", name(&self.name));
        let Some(worst) = worst else { return filled(words.nobody, &[called]) };
        let values = [
            called,
            ("people", Cell::count(worst.lost).display()),
            ("standard", name(&worst.standard.name)),
            ("limit", worst.standard.minutes.to_string()),
        ];
        filled(words.finding, &values)
    }

    /// Before and after, as a part of the page.
    pub(super) fn section(&self) -> String {
        let words = &ENGLISH.change;
        let heading = filled(words.heading, &[("name", name(&self.name))]);
        format!(
            "<section id=\"change\" aria-labelledby=\"change-title\"><h2 id=\"change-title\">{}</h2>{}<div class=\"hit\"><h3>{}</h3>{}</div></section>",
            escaped(&heading),
            self.standards_table(),
            escaped(words.places),
            self.places_table()
        )
    }

    fn standards_table(&self) -> String {
        let (columns, words) = (&ENGLISH.columns, &ENGLISH.change);
        let mut rows = Vec::new();
        for change in &self.standards {
            let share = |reach: &Reach| {
                let share = reach.share_within_limit().filter(|_| change.is_offered);
                table_cell(&Cell::maybe_share(share))
            };
            let mean = |reach: &Reach| table_cell(&Cell::maybe_minutes(reach.mean_seconds));
            rows.push(format!(
                "<tr><th scope=\"row\">{}</th>{}{}{}{}{}{}</tr>\n",
                escaped_name(&change.standard.name),
                table_cell(&Cell::count(change.lost)),
                table_cell(&Cell::count(change.won)),
                share(&change.before),
                share(&change.after),
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
            words.mean_before,
            words.after,
        ];
        table("change", &headings, &rows)
    }

    /// The places in which most people are newly beyond a limit, then those that travel longest in addition.
    fn places_table(&self) -> String {
        let (columns, words) = (&ENGLISH.columns, &ENGLISH.change);
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
                escaped_name(&standard.standard.name),
                table_cell(&Cell::count(place.lost)),
                table_cell(&Cell::maybe_minutes(place.before_seconds)),
                table_cell(&Cell::maybe_minutes(place.after_seconds))
            ));
        }
        let headings =
            [columns.place, columns.standard, columns.newly_beyond, words.mean_before, words.after];
        table("failures", &headings, &rows)
    }

    /// For the map: which of the places that are drawn lose and win, by standard.
    pub(super) fn shifts(&self, region: &Region, map: &Map) -> ChangeData {
        let mut standards = Vec::with_capacity(self.standards.len());
        for change in &self.standards {
            let mut shift = ShiftData::default();
            let mut changes: HashMap<&str, &PlaceChange> = HashMap::new();
            for place in &change.places {
                changes.insert(&place.place, place);
            }
            for (number, place) in map.places.iter().enumerate() {
                let key = region.place(*place).key.as_str();
                let Some(changed) = changes.get(key) else { continue };
                // As in the what-if: what counts is whether more or fewer are beyond in the place as a whole.
                if changed.lost > changed.won {
                    shift.lost.push(number);
                } else if changed.won > changed.lost {
                    shift.won.push(number);
                }
            }
            standards.push(shift);
        }
        ChangeData { name: name(&self.name), standards }
    }
}

/// A change as the script reads it.
#[derive(Serialize)]
pub(super) struct ChangeData {
    name: String,
    standards: Vec<ShiftData>,
}

/// Places by their position on the map.
#[derive(Serialize, Default)]
struct ShiftData {
    lost: Vec<usize>,
    won: Vec<usize>,
}
