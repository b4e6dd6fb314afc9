//! Which hours of the week results look at, in words.

use super::document::{Cell, Document, Hint, Remark, hospital_of};
use crate::calendar::Hours;
use crate::coverage::{Coverage, PartTime, Week};
use crate::model::{Ends, Hospital, Network, Standard};
use crate::region::Region;

/// Sites that a sentence names; the others are counted.
const NAMED: usize = 5;

/// What a result about one hour says of it.
pub(super) fn of_region(region: &Region) -> Option<String> {
    let hour = region.hour()?;
    Some(said!("{hour} only: what is closed in that hour does not count", hour = hour.in_print()))
}

/// What a result about all hours says of them, by whether all that counts is always open.
pub(super) fn of_all(has_part_time: bool) -> Remark {
    if !has_part_time {
        return Remark::from("all that counts is open round the clock");
    }
    Remark::from(
        "what is open in some hour of the week counts; the remarks say what is not open round the clock",
    )
    .hint(Hint::OneHour)
}

/// What of the hours a reader of coverage must know, a sentence for each standard that is not the same in
/// every hour.
pub(super) fn of_coverage(region: &Region, coverage: &Coverage) -> Option<String> {
    of_week(region, &coverage.standard, &coverage.week)
}

/// The same of a standard and its week.
pub(super) fn of_week(region: &Region, standard: &Standard, week: &Week) -> Option<String> {
    if !week.has_part_time() {
        return None;
    }

    let sites = part_time(&week.part_time);
    let key = &standard.key;
    // Both figures: a good mean may hide nights in which nobody is in time.
    let all_hours = over_week(week);
    if region.hour().is_some() {
        return Some(said!(
            "{key}: not open round the clock: {sites}; {all_hours}.",
            key,
            sites,
            all_hours
        ));
    }

    let (part_time, all) = (week.part_time.len(), in_all(region.network_of_week(), standard));
    let sites_in_all = if part_time == 1 {
        said!("1 of {all} sites that offer it is not open round the clock", all)
    } else {
        said!(
            "{part_time} of {all} sites that offer it are not open round the clock",
            part_time,
            all
        )
    };
    Some(said!(
        "{key}: {sites_in_all}, and counted as if: {sites}; {all_hours}.",
        key,
        sites_in_all,
        sites,
        all_hours
    ))
}

/// Which hours a result looks at that asks where the cases of a year go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cases {
    /// A year's cases are split among hospitals.
    Split,
    /// Patients come over time; a ward lets them in when it is open.
    OverTime,
}

/// The document with what is not open round the clock in its head, where its cases are sent there as if
/// it were; as it is where everything is always open.
pub(super) fn on_cases(mut document: Document, region: &Region, cases: Cases) -> Document {
    let network = region.network();
    let sites: Vec<String> = network.hospitals().iter().filter_map(with_hours).collect();
    // A region of one hour has dropped what is closed in it: its cases do not go there.
    if region.hour().is_some() || sites.is_empty() {
        return document;
    }

    let more = sites.len().saturating_sub(NAMED);
    let mut told = sites[..sites.len() - more].join(", ");
    if more > 0 {
        told.push_str(&said!(" and {more} more hospitals", more));
    }

    let remark = match cases {
        Cases::Split => {
            said!("cases go where they would if all of it were always open: {told} is not", told)
        }
        Cases::OverTime => said!(
            "patients ask for a bed as if all of it were always open, and a ward lets them in when it is: \
             {told} is not",
            told
        ),
    };

    // Standards may have said something of hours in the head: one entry, so that its key stays unique in JSON.
    match document.about.iter_mut().find(|(key, _)| *key == "hours") {
        Some((_, said)) => said.push(format!("; {remark}")),
        None => document = document.about("hours", remark),
    }
    document
}

/// What a hospital has that is not open round the clock: `south (ct Mon-Fri 8-16)`.
fn with_hours(hospital: &Hospital) -> Option<String> {
    let mut named = Vec::new();
    let mut add = |key: &str, hours: &Hours| {
        if !hours.is_always() {
            named.push(format!("{key} {}", many_hours(hours)));
        }
    };
    for department in &hospital.departments {
        add(&department.specialty, &department.hours);
    }
    for facility in &hospital.facilities {
        add(&facility.kind, &facility.hours);
    }
    if named.is_empty() {
        return None;
    }
    Some(format!("{} ({})", hospital_of(&hospital.key), named.join(", ")))
}

/// How many sites offer a standard in whatever hours.
fn in_all(network: &Network, standard: &Standard) -> usize {
    let mut count = 0;
    for hospital in network.hospitals() {
        if standard.requirement.is_met_by(hospital, network.catalog()) {
            count += 1;
        }
    }
    count
}

/// Sites with the hours in which they count: `south (Mon-Fri 8-16)`.
pub(super) fn part_time(sites: &[PartTime]) -> String {
    let mut named = Vec::new();
    for site in &sites[..sites.len().min(NAMED)] {
        named.push(format!("{} ({})", site.key, in_words(&site.hours)));
    }
    if sites.len() > NAMED {
        named.push(said!("{more} more", more = sites.len() - NAMED));
    }
    named.join(", ")
}

/// Hours in words.
pub(super) fn in_words(hours: &Hours) -> String {
    if hours.is_never() { said!("never all of it together") } else { hours.in_print() }
}

/// The share within the limit over all hours, and in the worst ones.
pub(super) fn over_week(week: &Week) -> String {
    let mean_share = with_band(week.mean_share(), week.mean_share_band());
    let worst_share = with_band(week.worst_share(), week.worst_share_band());
    let worst = many_hours(&week.worst().hours);
    said!(
        "over all hours of the week {mean_share} are within the limit, in the worst {worst_share} ({worst})",
        mean_share,
        worst_share,
        worst
    )
}

/// A share with those at both ends of the band of the travel times, where it has one.
fn with_band(share: Option<f64>, band: Option<Ends<f64>>) -> String {
    let share = Cell::maybe_share(share).display();
    let Some(band) = band else { return share };
    let [slow, quick] = [band.slow, band.quick].map(|share| Cell::share(share).display());
    said!("{share} (if slow {slow}, if quick {quick})", share, slow, quick)
}

/// Hours, or how many they are where they are too many rules to read.
fn many_hours(hours: &Hours) -> String {
    let text = hours.in_print();
    // The hours in which the same sites are open may be scattered over the whole week.
    let rules = text.split(';').count();
    if rules <= 3 {
        text
    } else {
        said!("{open_hours} hours a week", open_hours = hours.open_hours())
    }
}
