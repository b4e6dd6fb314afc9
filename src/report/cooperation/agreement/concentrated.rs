//! What follows when one partner takes a field over from the others.

use super::{View, by_site, short};
use crate::agreement::{Concentration, FieldAnswer, LastStage, VolumeChange};
use crate::report::columns::{AFTER_VALUE, BEFORE_VALUE, FIELD, KEPT_AT, UNIT, WHAT};
use crate::report::document::{
    Cell, Section, Table, data_field_of, hospital_of, service_of, specialty_of, stage_of,
    standard_of,
};
use crate::words::fixed;

/// A figure before and after one partner takes a field over.
struct FigureRow {
    field: String,
    at: String,
    what: Cell,
    unit: &'static str,
    before: Option<f64>,
    after: Option<f64>,
}

impl View<'_> {
    /// What follows when one partner takes a field over.
    pub(super) fn concentrated(&self) -> Section {
        let mut rows = Vec::new();
        let mut remarks: Vec<String> = Vec::new();
        let mut lost: Vec<String> = Vec::new();
        for field in &self.opened.fields {
            for concentration in &field.concentrations {
                let keeper = hospital_of(&self.network[concentration.at].key);
                rows.extend(self.figures(field, concentration));
                if let Some(faults) = &concentration.faults {
                    remarks.push(said!(
                        "{field} at {keeper}: {faults}",
                        field = specialty_of(&field.field),
                        keeper,
                        faults
                    ));
                }
                if !concentration.facilities.is_empty() {
                    let mut facilities = Vec::new();
                    for key in &concentration.facilities {
                        facilities.push(data_field_of(key));
                    }
                    remarks.push(said!(
                        "{field} at {keeper}: {facilities} of the others moves with it.",
                        field = specialty_of(&field.field),
                        keeper,
                        facilities = facilities.join(", ")
                    ));
                }
                if let Some(found) = &concentration.outcome {
                    let field = specialty_of(&field.field);
                    if !found.groups_lost.is_empty() {
                        let by_site = by_site(self.network, &found.groups_lost).join("; ");
                        lost.push(said!(
                            "{field} at {keeper} loses service groups: {by_site}.",
                            field,
                            keeper,
                            by_site
                        ));
                    }
                    if !found.groups_gained.is_empty() {
                        let by_site = by_site(self.network, &found.groups_gained).join("; ");
                        lost.push(said!(
                            "{field} at {keeper} gains service groups: {by_site}.",
                            field,
                            keeper,
                            by_site
                        ));
                    }
                }
            }
        }
        let is_empty = rows.is_empty();
        let table = Table::of(rows)
            .column(FIELD, |row| Cell::text(&row.field))
            .column(KEPT_AT, |row| Cell::text(&row.at))
            .column(WHAT, |row| row.what.clone())
            .column(UNIT, |row| Cell::word(row.unit))
            .column(BEFORE_VALUE, |row| Cell::maybe_number(row.before, 1))
            .column(AFTER_VALUE, |row| Cell::maybe_number(row.after, 1))
            .build();
        let mut section = Section::new(
            "agreed_concentrated",
            "If one partner takes the field over from the others",
            table,
        );
        if is_empty && remarks.is_empty() {
            return section.in_words("In none of these fields two partners have a department.");
        }
        section = section.note("Departments move with all their beds. Cases: expected ones a year of the specialty, by a choice among all hospitals that treat it; journeys: of all its patients. Pathways: people inside, from the call to the end of the last stage, over those with a way. Minimum volumes: expected cases, or counted ones of the year named, all of which then go to the one partner.");
        for remark in lost.into_iter().chain(remarks) {
            section = section.note(remark);
        }
        section
    }

    fn figures(&self, field: &FieldAnswer, concentration: &Concentration) -> Vec<FigureRow> {
        let mut rows = Vec::new();
        let Some(found) = &concentration.outcome else { return rows };
        let mut add = |what: Cell, unit: &'static str, before: Option<f64>, after: Option<f64>| {
            let (field, at) = (field.field.clone(), self.network[concentration.at].key.clone());
            rows.push(FigureRow { field, at, what, unit, before, after });
        };
        for change in &found.cases {
            let hospital = hospital_of(&self.network[change.hospital].key);
            let what = Cell::said(|| said!("cases at {hospital}", hospital));
            add(what, "cases", Some(change.before), Some(change.after));
        }
        if !found.cases.is_empty() {
            let (before, after) = found.elsewhere;
            if before > 0.0 || after > 0.0 {
                add(Cell::word("cases elsewhere"), "cases", Some(before), Some(after));
            }
            let (before, after) = found.journey_seconds;
            let minutes = |seconds: Option<f64>| seconds.map(|seconds| seconds / 60.0);
            add(Cell::word("mean journey"), "minutes", minutes(before), minutes(after));
        }
        for change in &found.pathways {
            for (protocol, (before, after)) in self.opened.protocols.iter().zip(&change.by_protocol)
            {
                let (key, stage) = (standard_of(&change.pathway), stage_of(&change.stage));
                let minutes = |times: &LastStage| times.mean_seconds.map(|mean| mean / 60.0);
                let what = Cell::said(|| {
                    said!(
                        "{key}, until {stage}, mean, {label}",
                        key,
                        stage,
                        label = short(*protocol)
                    )
                });
                add(what, "minutes", minutes(before), minutes(after));
                if before.without_way != after.without_way {
                    let what = Cell::said(|| {
                        said!(
                            "{key}, without a way to {stage}, {label}",
                            key,
                            stage,
                            label = short(*protocol)
                        )
                    });
                    add(what, "people", Some(before.without_way), Some(after.without_way));
                }
            }
        }
        for change in &found.volumes {
            // A number in it: told in both languages, as programs keep the English.
            let what = Cell::said(|| self.volume(change));
            add(what, "cases", Some(change.before), Some(change.after));
        }
        rows
    }

    /// A minimum volume, what its line is, and how its cases are known.
    fn volume(&self, change: &VolumeChange) -> String {
        let least = match change.least_cases {
            Some(least) => {
                said!("at least {least} in {year}", least = fixed(least, 0), year = change.year)
            }
            None => said!("no line in {year}", year = change.year),
        };
        let counted = match change.counted_in {
            Some(year) => said!("counted {year}", year),
            None => said!("expected"),
        };
        let (service, site) =
            (service_of(&change.service), hospital_of(&self.network[change.hospital].key));
        said!("{service} at {site} ({least}; {counted})", service, site, least, counted)
    }
}
