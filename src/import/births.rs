//! Beds of gynaecology and obstetrics in one number, split by a rule or by counted births.
//!
//! The directory of hospitals has both under one department key (2400), so that its beds alone do not say whether
//! there are births.

use super::built::{Built, OBSTETRIC_BEDS, WOMEN_BY_KEY};
use super::faults::RemarkKind;
use super::quality_report::QualityReport;
use crate::model::Department;

const GYNECOLOGY: &str = "gynaecology";
const OBSTETRICS: &str = "obstetrics";
const GYNECOLOGY_BEDS_PATH: &str = "departments.gynaecology.beds";
const OBSTETRICS_PATH: &str = "departments.obstetrics";
const OBSTETRICS_BEDS_PATH: &str = "departments.obstetrics.beds";

/// Share of the beds under key 2400 that stand in as obstetrics where births are unknown; see [`WOMEN_BY_KEY`].
const OBSTETRIC_SHARE: f64 = 0.61;

/// Splits beds in one number by a share: some stand in for an obstetrics that may be there or not.
pub(super) fn split_by_share(built: &mut Built) {
    if built.department(OBSTETRICS).is_some() {
        // Key 2500 says that there are births, and its beds are counted apart.
        return;
    }
    let Some(women) = built.department_mut(GYNECOLOGY) else { return };
    let Some(both) = women.beds else { return };

    let obstetric = (f64::from(both) * OBSTETRIC_SHARE).round() as u32;
    women.beds = Some(both - obstetric);
    let hospital = &mut built.hospital;
    if obstetric > 0 {
        hospital.departments.push(Department::new(OBSTETRICS).beds(obstetric));
        hospital.derived.insert(OBSTETRICS_BEDS_PATH.to_owned(), WOMEN_BY_KEY.key.to_owned());
    }
    hospital.derived.insert(GYNECOLOGY_BEDS_PATH.to_owned(), WOMEN_BY_KEY.key.to_owned());
    hospital.unknown.push(OBSTETRICS_PATH.to_owned());

    let message = format!(
        "{both} beds of gynaecology and obstetrics in one number (key 2400): whether there are births is unknown; \
         {obstetric} beds stand in as obstetrics"
    );
    built.remark(RemarkKind::Missing, "births", message);
}

/// Obstetric beds per 1,000 births; see [`OBSTETRIC_BEDS`].
const BEDS_PER_1000_BIRTHS: f64 = 19.6;

/// Adds obstetrics where a report counts births. Beds of gynaecology and obstetrics in one number are split by them,
/// in place of the split by a share.
pub(super) fn add_births(built: &mut Built, report: &QualityReport) {
    let Some(births) = report.births else { return };
    let derivation = built.hospital.derived.get(GYNECOLOGY_BEDS_PATH);
    let is_in_one_number = derivation.is_some_and(|rule| rule == WOMEN_BY_KEY.key);
    if is_in_one_number {
        undo_split(built);
    }
    if built.department(OBSTETRICS).is_some() || births == 0 {
        return;
    }

    let women = built.department_mut(GYNECOLOGY);
    let Some(women) = women.filter(|women| is_in_one_number && women.beds.is_some()) else {
        // Births without beds of their own: the department is there, its beds are unknown.
        built.hospital.departments.push(Department::new(OBSTETRICS));
        return;
    };

    // Each of the two keeps a bed, as far as there are two.
    let both = women.beds.unwrap_or(0);
    let obstetric = (f64::from(births) * BEDS_PER_1000_BIRTHS / 1000.0).round() as u32;
    let obstetric = obstetric.clamp(1, both.saturating_sub(1).max(1)).min(both);
    women.beds = Some(both - obstetric);

    let hospital = &mut built.hospital;
    hospital.departments.push(Department::new(OBSTETRICS).beds(obstetric));
    for path in [GYNECOLOGY_BEDS_PATH, OBSTETRICS_BEDS_PATH] {
        hospital.derived.insert(path.to_owned(), OBSTETRIC_BEDS.key.to_owned());
    }
    let message = format!(
        "{births} births in the quality report of {}: of {both} beds of gynaecology and obstetrics {obstetric} are obstetrics",
        report.year
    );
    built.remark(RemarkKind::Derived, "births", message);
}

/// Takes what stood in for an unknown obstetrics away, with its marks: all beds of women are those of gynaecology
/// again, as the directory has them.
fn undo_split(built: &mut Built) {
    let hospital = &mut built.hospital;
    let stood_in = hospital.beds_of(OBSTETRICS).unwrap_or(0);
    hospital.departments.retain(|department| department.specialty != OBSTETRICS);
    hospital.derived.remove(OBSTETRICS_BEDS_PATH);
    hospital.derived.remove(GYNECOLOGY_BEDS_PATH);
    hospital.settle(OBSTETRICS_PATH);
    built.remarks.retain(|remark| remark.topic != "births");

    if let Some(women) = built.department_mut(GYNECOLOGY) {
        women.beds = women.beds.map(|beds| beds + stood_in);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Hospital, Position};

    /// A hospital with so many beds of gynaecology and obstetrics in one number, split by the share.
    fn split(beds: u32) -> Built {
        let mut hospital = Hospital::new("a", "A", Position::new(51.0, 12.0).unwrap());
        hospital.departments.push(Department::new(GYNECOLOGY).beds(beds));
        let mut built = Built { hospital, remarks: Vec::new() };
        split_by_share(&mut built);
        built
    }

    fn report(births: u32) -> QualityReport {
        QualityReport { births: Some(births), ..QualityReport::default() }
    }

    #[test]
    fn counted_births_split_the_beds_in_place_of_the_share() {
        let mut built = split(100);
        assert_eq!(built.hospital.beds_of(OBSTETRICS), Some(61));

        // 19.6 beds for 1,000 births.
        add_births(&mut built, &report(1_000));
        assert_eq!(built.hospital.beds_of(OBSTETRICS), Some(20));
        assert_eq!(built.hospital.beds_of(GYNECOLOGY), Some(80));
        let rule = built.hospital.derivation(GYNECOLOGY_BEDS_PATH);
        assert_eq!(rule, Some(OBSTETRIC_BEDS.key));
    }

    #[test]
    fn without_births_all_beds_are_gynaecology_and_nothing_is_derived() {
        let mut built = split(100);
        add_births(&mut built, &report(0));
        assert_eq!(built.hospital.beds_of(GYNECOLOGY), Some(100));
        assert_eq!(built.department(OBSTETRICS), None);
        assert!(built.hospital.derived.is_empty() && built.hospital.unknown.is_empty());
        assert!(built.remarks.is_empty());
    }
}
