//! Closures as tables: of one, two and three hospitals, and the largest set with nobody beyond the limit.

use super::band;
use super::caveats;
use super::document::{Cell, Document, Hint, Remark, Section, Table, hospital_of, standard_of};
use super::hours::{self, Cases};
use super::open;
use crate::coverage::Week;
use crate::model::{BandEnd, HospitalId, OverBand, Standard};
use crate::overview::PairTogether;
use crate::planning::closures::{
    Aftermath, Closure, Closures, Harmless, Order, Overload, Receiver, Sites,
};
use crate::region::Region;
use crate::report::columns::{
    ADDED_CASES, BACKUP_MINUTES, BEDS, CASES, CLOSED_HOSPITALS, CLOSES, FIRST_OVERFULL, HOSPITAL,
    HOSPITAL_NAME, LEFTOVER_CASES, MORE_THAN_SINGLES_PEOPLE, MOVED_CASES,
    NEWLY_BEYOND_IF_QUICK_PEOPLE, NEWLY_BEYOND_IF_SLOW_PEOPLE, NEWLY_BEYOND_PEOPLE,
    NEWLY_OVERFULL_HOSPITALS, NEWLY_UNREACHED_PEOPLE, OCCUPANCY_BEFORE_SHARE, OCCUPANCY_SHARE,
    ONLY_TOGETHER_PEOPLE, OVER_BAND, PEOPLE_TO_NEXT, STANDARD,
};
use crate::routing::Choice;
use crate::words::{self, fixed};

/// What the rows of a table of closures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ClosuresBy {
    /// One row a set of hospitals that close.
    Set,
    /// One row a set and hospital that takes cases, with occupancy before and after.
    Receiver,
}

/// What was searched, and how it is shown.
#[derive(Debug, Clone)]
pub struct ClosuresView<'a> {
    /// The standard, with the limit that was looked at.
    pub standard: &'a Standard,
    /// Which hospitals may close.
    pub sites: Sites,
    /// How the cases of closed hospitals were sent on; `None` when they were not.
    pub choice: Option<Choice>,
    /// What the rows are.
    pub by: ClosuresBy,
    /// One table only, as CSV wants it.
    pub is_single: bool,
    /// Whether sets that leave a hospital overfull were left out, see
    /// [`harmless_with_beds`](crate::planning::closures::harmless_with_beds).
    pub none_overfull: bool,
    /// How far the work came before it was interrupted.
    pub interrupted: Option<String>,
}

impl ClosuresView<'_> {
    fn open(&self, title: &str, region: &Region) -> Document {
        let Standard { name, name_de, minutes, .. } = self.standard;
        let group = self.standard.population.in_print();
        let may_close = match self.sites {
            Sites::Inside => "hospitals inside that meet the standard",
            Sites::All => "hospitals inside and outside that meet the standard",
        };

        let hours = match Week::find(region, self.standard) {
            Ok(week) => hours::of_week(region, self.standard, &week),
            Err(error) => Some(error.to_string()),
        };

        let mut document = open(title, region).about(
            "standard",
            said!(
                "{name}, {minutes} minutes, for {group}",
                name = words::name_of(name, name_de),
                minutes,
                group
            ),
        );
        document = match hours {
            Some(hours) => document.about("part_time", hours),
            None if region.hour().is_none() => document.about("hours", hours::of_all(false)),
            // A region of one hour says so in its head already.
            None => document,
        };
        document = document.about("may_close", may_close);
        if let Some(choice) = &self.choice {
            document = document.about("choice", choice.to_string());
            document = hours::on_cases(document, region, Cases::Split);
        }

        if let Some(far) = &self.interrupted {
            document = document.about("interrupted", far);
        }
        document
    }
}

fn keys(region: &Region, hospitals: &[HospitalId]) -> Cell {
    Cell::list(hospitals.iter().map(|id| &region.network()[*id].key))
}

/// Closures of so many hospitals, each with what follows.
pub fn closures(
    region: &Region,
    closures: &Closures,
    rows: &[(Closure, Aftermath)],
    view: &ClosuresView<'_>,
) -> Document {
    let title = match closures.order() {
        Order::Single => "Closures of one hospital",
        Order::Pair => "Closures of two hospitals at once",
        Order::Triple => "Closures of three hospitals at once",
    };
    let document = view.open(title, region);
    if view.by == ClosuresBy::Receiver {
        let after: Vec<&Aftermath> = rows.iter().map(|(_, after)| after).collect();
        let receivers = receivers(region, &after, Receivers::All);
        return document.section(receivers.note(counted(closures, rows.len())));
    }
    document.section(sets(region, closures, rows, view))
}

fn sets(
    region: &Region,
    closures: &Closures,
    rows: &[(Closure, Aftermath)],
    view: &ClosuresView<'_>,
) -> Section {
    let requirement = &view.standard.requirement;
    let table = set_table(region, closures.order(), rows, view);
    let mut section = Section::new("closures", "Who would be beyond the limit", table)
        .note(counted(closures, rows.len()))
        .maybe_note(band::undecided(region, &over_band(region, rows)))
        .maybe_note(caveats::on_unknown_of(region.network(), [requirement]));

    // Each note explains a column that only closures of so many hospitals show.
    if closures.order() != Order::Single {
        section = section.note(
            "More than singles: people newly beyond less the sum of what each closure alone does.",
        );
    }
    if closures.order() == Order::Triple {
        section = section.note(
            "Only together: people who have exactly these three within the limit, so that no two of \
             them hurt (joint less pairs plus singles).",
        );
    }

    if view.choice.is_some() {
        let told = "Overfull: more bed days than beds. Of the hospitals that take cases and are overfull then, those \
                    with most more cases are named, with occupancy before and after";
        section = section.note(
            Remark::from(told)
                .hint(Hint::Receivers)
                .and(". A hospital closes with all of its departments."),
        );
    }
    section
}

/// Whether the closures put somebody beyond the limit, or nobody, over the band.
fn over_band(region: &Region, rows: &[(Closure, Aftermath)]) -> band::Verdicts {
    let mut verdicts = band::Verdicts::default();
    for (closure, _) in rows {
        verdicts.add(&closed_names(region, closure), closure.over_band());
    }
    verdicts
}

/// The keys of the hospitals that close together.
fn closed_names(region: &Region, closure: &Closure) -> String {
    let mut closed = Vec::new();
    for id in &closure.hospitals {
        closed.push(hospital_of(&region.network()[*id].key));
    }
    closed.join(" + ")
}

/// One row a set of hospitals that close.
fn set_table(
    region: &Region,
    order: Order,
    rows: &[(Closure, Aftermath)],
    view: &ClosuresView<'_>,
) -> Table {
    let cases = |after: &Aftermath, cases: fn(&Overload) -> f64| {
        Cell::maybe_number(after.overload.as_ref().map(cases), 0)
    };
    let table = Table::of(rows)
        .column(CLOSED_HOSPITALS, |(closure, _)| keys(region, &closure.hospitals))
        .column(NEWLY_BEYOND_PEOPLE, |(closure, _)| Cell::count(closure.newly_beyond))
        .detail(NEWLY_BEYOND_IF_SLOW_PEOPLE, |(closure, _)| {
            band::people(closure.newly_beyond_band, BandEnd::Slow)
        })
        .detail(NEWLY_BEYOND_IF_QUICK_PEOPLE, |(closure, _)| {
            band::people(closure.newly_beyond_band, BandEnd::Quick)
        })
        .column(OVER_BAND, |(closure, _)| band::word(closure.over_band()))
        .column(MORE_THAN_SINGLES_PEOPLE, |(closure, _)| Cell::count(closure.more_than_singles))
        .column(ONLY_TOGETHER_PEOPLE, |(closure, _)| Cell::count(closure.only_together))
        .column(NEWLY_UNREACHED_PEOPLE, |(_, after)| Cell::count(after.without_way))
        .detail(PEOPLE_TO_NEXT, |(_, after)| Cell::count(after.people))
        .column(BACKUP_MINUTES, |(_, after)| Cell::maybe_minutes(after.backup_seconds))
        .column(MOVED_CASES, |(_, after)| cases(after, |overload| overload.cases))
        .detail(LEFTOVER_CASES, |(_, after)| cases(after, |overload| overload.leftover))
        .column(NEWLY_OVERFULL_HOSPITALS, |(_, after)| {
            let overload = after.overload.as_ref();
            Cell::maybe_count(overload.map(|overload| overload.newly_overfull().count()))
        })
        .column(FIRST_OVERFULL, |(_, after)| match &after.overload {
            Some(overload) => Cell::told(|| fullest(region, overload)),
            None => Cell::Missing,
        })
        .build();

    // What a screen has room for; the names of the neighbours matter more than sums.
    let table = match order {
        // One hospital has nothing to be more than, and both columns say what the one before them says.
        Order::Single => table.hide(&[MORE_THAN_SINGLES_PEOPLE, ONLY_TOGETHER_PEOPLE]),
        // Of a pair this is what it does more than the singles.
        Order::Pair => table.hide(&[ONLY_TOGETHER_PEOPLE, MOVED_CASES]),
        Order::Triple => table.hide(&[MOVED_CASES, NEWLY_OVERFULL_HOSPITALS]),
    };
    let has_band = rows.iter().any(|(closure, _)| closure.newly_beyond_band.is_some());
    let table = table.hide_if(!has_band, &[OVER_BAND]);
    let is_nobody_unreached = rows.iter().all(|(_, after)| after.without_way == 0);
    let of_cases = [MOVED_CASES, NEWLY_OVERFULL_HOSPITALS, FIRST_OVERFULL];
    table
        .hide_if(is_nobody_unreached, &[NEWLY_UNREACHED_PEOPLE])
        .hide_if(view.choice.is_none(), &of_cases)
}

/// How many of all sets are shown.
fn counted(closures: &Closures, shown: usize) -> String {
    let sets = words::of(match closures.order() {
        Order::Single => "hospitals",
        Order::Pair => "pairs",
        Order::Triple => "triples",
    });
    let (shown, count, sites) = (shown as u64, closures.sets(), closures.sites().len());
    // Of single hospitals the sets are the hospitals: to count them twice would say nothing.
    let is_single = closures.order() == Order::Single;
    let from = if is_single { String::new() } else { said!(" of {sites} hospitals", sites) };
    let cell = |count: u64| Cell::count(count).display();
    if count == 0 {
        said!("There are no {sets}{from}.", sets, from)
    } else if shown == count && count == 1 && is_single {
        said!("The only hospital.")
    } else if shown == count {
        said!("All {count} {sets}{from}.", count = cell(count), sets, from)
    } else {
        said!(
            "{shown} of {count} {sets}{from}; all of them were counted.",
            shown = cell(shown),
            count = cell(count),
            sets,
            from
        )
    }
}

/// Overfull hospitals that are named in a row.
const NAMED: usize = 3;

/// The overfull receivers with most more cases, with occupancy before and after.
fn fullest(region: &Region, overload: &Overload) -> Vec<String> {
    let percent = |share: Option<f64>| fixed(100.0 * share.unwrap_or(0.0), 1);
    let mut named = Vec::new();
    for receiver in overload.overfull() {
        let hospital = hospital_of(&region.network()[receiver.hospital].key);
        let occupancy = receiver.load.occupancy();
        let (before, after) = (percent(occupancy.before), percent(occupancy.after));

        // Where nothing changes in print there is nothing to tell.
        if before != after {
            named.push(format!("{hospital} {before} → {after}\u{a0}%"));
        }
        if named.len() == NAMED {
            break;
        }
    }
    named
}

/// Which hospitals that take cases are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Receivers {
    /// All of them.
    All,
    /// Those that are overfull then.
    Overfull,
}

/// The hospitals that take the cases of closed ones.
fn receivers(region: &Region, rows: &[&Aftermath], shown: Receivers) -> Section {
    let mut receivers: Vec<(&Aftermath, &Receiver)> = Vec::new();
    for &after in rows {
        let Some(overload) = &after.overload else { continue };
        for receiver in &overload.receivers {
            if shown == Receivers::All || receiver.load.is_overfull() {
                receivers.push((after, receiver));
            }
        }
    }
    let table = Table::of(receivers)
        .column(CLOSED_HOSPITALS, |(after, _)| keys(region, &after.hospitals))
        .column(HOSPITAL, |(_, row)| Cell::text(&region.network()[row.hospital].key))
        .column(BEDS, |(_, row)| {
            // Departments whose beds nobody knows count none: 0 would read as a hospital without beds.
            match row.load.after {
                Some(load) if load.beds > 0 => Cell::count(load.beds),
                _ => Cell::Missing,
            }
        })
        .detail(CASES, |(_, row)| Cell::number(row.load.cases().after, 0))
        .column(ADDED_CASES, |(_, row)| Cell::number(row.load.more_cases(), 0))
        .column(OCCUPANCY_BEFORE_SHARE, |(_, row)| Cell::maybe_share(row.load.occupancy().before))
        .column(OCCUPANCY_SHARE, |(_, row)| Cell::maybe_share(row.load.occupancy().after))
        .build()
        .hide_if(rows.len() == 1, &[CLOSED_HOSPITALS]);

    let heading = match shown {
        Receivers::All => "Where the cases of closed hospitals go",
        Receivers::Overfull => "Neighbours that would have more bed days than beds",
    };
    Section::new("receivers", heading, table)
        .note(
            "Cases a year of all specialties; a closed hospital closes with all of its departments.",
        )
        .maybe_note(caveats::on_beds(region.network()))
        .maybe_note(caveats::on_from_beyond_closed(region.network()))
}

/// The largest set of hospitals that could close with nobody falling beyond the limit, with what follows.
pub fn harmless(
    region: &Region,
    harmless: &Harmless,
    after: &Aftermath,
    view: &ClosuresView<'_>,
) -> Document {
    let title = if view.none_overfull {
        "Hospitals that could close with nobody beyond the limit and no other hospital overfull"
    } else {
        "Hospitals that could close with nobody beyond the limit"
    };
    let document = view.open(title, region);
    if view.by == ClosuresBy::Receiver {
        return document.section(receivers(region, &[after], Receivers::All));
    }

    let (count, of_all) = (harmless.closing.len(), harmless.closing.len() + harmless.staying.len());
    let proof = proof(harmless, view);
    let could = if count == 0 {
        said!("None of {of_all} hospitals could close: {proof}.", of_all, proof)
    } else {
        said!("{count} of {of_all} hospitals could close: {proof}.", count, of_all, proof)
    };

    let heading = "Which hospitals could all close at once";
    let section = Section::new("could_close", heading, closing(region, harmless))
        .note(could)
        .note(meaning(view))
        .maybe_note(harmless.over_band.map(|over_band| over_band_of_all(region, over_band)))
        .maybe_note(caveats::on_unknown_of(region.network(), [&view.standard.requirement]))
        .note(in_words(after));
    let document = document
        .about("most_closing", harmless.most.to_string())
        .about("is_proven", harmless.is_proven.to_string())
        .section(section);

    if view.choice.is_none() || view.is_single {
        return document;
    }
    document.section(receivers(region, &[after], Receivers::Overfull))
}

/// The hospitals that close, then those that stay.
fn closing(region: &Region, harmless: &Harmless) -> Table {
    let mut rows = Vec::new();
    for (hospitals, closes) in [(&harmless.closing, true), (&harmless.staying, false)] {
        for &id in hospitals {
            rows.push((&region.network()[id], closes));
        }
    }
    Table::of(rows)
        .column(HOSPITAL, |(hospital, _)| Cell::text(&hospital.key))
        .column(HOSPITAL_NAME, |(hospital, _)| Cell::text(&hospital.name))
        .column(CLOSES, |(_, closes)| Cell::flag(*closes))
        .build()
}

/// How sure it is that no larger set could close.
fn proof(harmless: &Harmless, view: &ClosuresView<'_>) -> String {
    let count = harmless.closing.len();
    if harmless.is_proven && count == 0 {
        let overfull =
            words::of(if view.none_overfull { " or leaves another hospital overfull" } else { "" });
        said!("every set puts somebody beyond the limit{overfull} (proven)", overfull)
    } else if harmless.is_proven {
        said!("no larger set could (proven); of equal ones the first by key")
    } else if harmless.most == count {
        // The size reaches the bound, but the search ended before it had gone through the equal sets.
        said!("no larger set could (proven); there may be equal ones with smaller keys")
    } else {
        said!("the best set found; no more than {most} could", most = harmless.most)
    }
}

/// What it means that hospitals could close, and what it does not.
fn meaning(view: &ClosuresView<'_>) -> String {
    let minutes = view.standard.minutes;
    let beds = if view.none_overfull {
        "No hospital that takes their cases would have more bed days than beds then (or more still)."
    } else {
        "It does not mean that the others have the beds."
    };
    said!(
        "It means: nobody who is within {minutes} minutes of care that meets the standard now would be beyond them. {beds} What else these hospitals do ends with them.",
        minutes,
        beds = words::of(beds)
    )
}

/// Whether nobody falls out by closing all of them over the band, too.
fn over_band_of_all(region: &Region, over_band: OverBand) -> Remark {
    let mut verdicts = band::Verdicts::default();
    verdicts.add(&said!("that nobody falls out"), Some(over_band));
    band::undecided(region, &verdicts).unwrap_or_else(|| Remark::from(over_band.word()))
}

/// What follows a closure, in a sentence.
fn in_words(after: &Aftermath) -> String {
    let people = Cell::count(after.people).display();
    let mut told = match after.backup_seconds {
        _ if after.hospitals.is_empty() => return said!("Nothing closes, so nothing changes."),
        _ if after.people == 0 => said!("They are nearest to nobody"),
        None => said!("{people} people would lose the only one that they reach", people),
        Some(seconds) => {
            let minutes = Cell::minutes(seconds).display();
            said!(
                "{people} people would travel {minutes} minutes longer on average",
                people,
                minutes
            )
        }
    };
    if let Some(overload) = &after.overload {
        let cases = Cell::number(overload.cases, 0).display();
        let overfull = overload.newly_overfull().count();
        told.push_str(&said!("; {cases} cases a year would go elsewhere, and {overfull} more hospitals would have more bed days than beds", cases, overfull));
    }
    told.push('.');
    told
}

/// Rows of the short list.
const PAIRS: usize = 5;

/// The pairs of hospitals inside that hurt more together than the sum, of all standards.
pub(super) fn in_short(region: &Region, pairs: &[PairTogether]) -> Section {
    let table = Table::of(pairs)
        .column(CLOSED_HOSPITALS, |pair| keys(region, &pair.closure.hospitals))
        .column(STANDARD, |pair| Cell::text(&pair.standard))
        .column(NEWLY_BEYOND_PEOPLE, |pair| Cell::count(pair.closure.newly_beyond))
        .detail(NEWLY_BEYOND_IF_SLOW_PEOPLE, |pair| {
            band::people(pair.closure.newly_beyond_band, BandEnd::Slow)
        })
        .detail(NEWLY_BEYOND_IF_QUICK_PEOPLE, |pair| {
            band::people(pair.closure.newly_beyond_band, BandEnd::Quick)
        })
        .detail(OVER_BAND, |pair| band::word(pair.closure.over_band()))
        .column(MORE_THAN_SINGLES_PEOPLE, |pair| Cell::count(pair.closure.more_than_singles))
        .build()
        .show_first(PAIRS);
    let told =
        "People beyond the limit if both closed, and how many of them no single closure concerns";
    let mut verdicts = band::Verdicts::default();
    for pair in pairs.iter().take(PAIRS) {
        let name = closed_names(region, &pair.closure);
        verdicts
            .add(&format!("{} ({name})", standard_of(&pair.standard)), pair.closure.over_band());
    }
    Section::new("pairs_together", "Closures that hurt more together", table)
        .note(Remark::from(told).hint(Hint::MorePairs).and("."))
        .maybe_note(band::undecided(region, &verdicts))
}
