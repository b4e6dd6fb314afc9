//! Beds and staff shared, by simulation.

use super::{SimulatedBeds, View, kind_name};
use crate::agreement::{BedsAnswer, BedsFigure};
use crate::model::{CooperationKind, HospitalId};
use crate::report::columns::{
    BEFORE_VALUE, CHANGE, CHANGE_HALF_WIDTH, FIELD, FIGURE, HALF_WIDTH, KIND, MEMBERS, TERMS,
};
use crate::report::document::{Cell, Section, Table, figure_of, hospital_of, specialty_of};
use crate::words::{self, fixed, signed};

impl View<'_> {
    /// Shared beds and staff.
    pub(super) fn beds(&self, beds: SimulatedBeds<'_>) -> Section {
        let mut rows: Vec<(&BedsAnswer, &BedsFigure)> = Vec::new();
        let mut brought: Vec<String> = Vec::new();
        for answer in beds.answers {
            for figure in &answer.figures {
                rows.push((answer, figure));
            }
            if let Some(count) = &answer.brought {
                let half_width = count.half_width.unwrap_or(f64::NAN);
                brought.push(format!(
                    "{} {} ± {}",
                    specialty_of(&answer.field),
                    fixed(count.mean, 0),
                    fixed(half_width, 0)
                ));
            }
        }
        let is_empty = rows.is_empty();
        let table = Table::of(rows)
            .column(FIELD, |(answer, _)| Cell::text(&answer.field))
            .column(KIND, |(answer, _)| Cell::word(kind_name(&answer.kind)))
            .column(TERMS, |(answer, _)| Cell::said(|| bed_terms(answer)))
            .detail(MEMBERS, |(answer, _)| {
                let wards = answer.wards.iter();
                let told = |id: HospitalId, beds: &u32| {
                    let hospital = hospital_of(&self.network[id].key);
                    said!("{hospital}: {beds} beds", hospital, beds)
                };
                Cell::told(|| wards.clone().map(|(id, beds)| told(*id, beds)).collect())
            })
            .column(FIGURE, |(_, row)| Cell::text(row.figure.key()))
            .column(BEFORE_VALUE, |(_, row)| Cell::number(row.before.mean, 1))
            .column(HALF_WIDTH, |(_, row)| Cell::maybe_number(row.before.half_width, 1))
            .column(CHANGE, |(_, row)| Cell::number(row.change.mean + 0.0, 1))
            .column(CHANGE_HALF_WIDTH, |(_, row)| Cell::maybe_number(row.change.half_width, 1))
            .build();
        let heading = "Beds and staff shared, by simulation";
        let section = Section::new("agreed_beds", heading, table);
        if is_empty {
            return section.in_words(
                "In none of these fields two partners have a department with beds that could be shared.",
            );
        }
        let shared = said!(
            "Shared beds: whoever finds the first choice full is brought to the partner first, which counts as let in elsewhere. Brought to a shared bed: {brought}.",
            brought = brought.join(", ")
        );
        section
            .note(said!("Patients of the partners' wards of the field together in {days} days, mean of {replications} replications, each with the same patients as they are and with it. ±: half of the 95 % interval; a change smaller than that may be chance.", days = beds.days, replications = beds.replications))
            .note("Let in elsewhere: found their first choice full. Let in nowhere: no hospital in reach had a bed.")
            .maybe_note((!brought.is_empty()).then_some(shared))
    }
}

fn bed_terms(answer: &BedsAnswer) -> String {
    let from = words::of(if answer.is_given { "file" } else { "assumed" });
    match answer.kind {
        CooperationKind::SharedBeds { pooled_share: Some(share) } => {
            said!("{share} % pooled ({from})", share = fixed(100.0 * share, 0), from)
        }
        CooperationKind::SharedBeds { pooled_share: None } => said!("all pooled ({from})", from),
        _ => said!("none"),
    }
}

/// What a kind of sharing changes for sure, in one sentence; `None` where it may be chance.
pub(super) fn beds_in_short(answer: &BedsAnswer, days: u32) -> Option<String> {
    let mut changes = Vec::new();
    for row in &answer.figures {
        let half_width = row.change.half_width.unwrap_or(f64::INFINITY);
        if row.change.mean.abs() > half_width {
            changes.push(format!(
                "{} ± {} {}",
                signed(row.change.mean, 0),
                fixed(half_width, 0),
                figure_of(row.figure.key())
            ));
        }
    }
    if changes.is_empty() {
        return None;
    }
    let name = words::of(kind_name(&answer.kind));
    Some(said!("{name} in {days} days: {changes}.", name, days, changes = changes.join(", ")))
}
