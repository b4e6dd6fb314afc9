//! The ward of a hospital that a question about beds is about.

use serde::Serialize;

use super::wards::{ICU, INTENSIVE_CARE};
use super::{BedWard, Settings};
use crate::model::{Catalog, Hospital, HospitalId, Network};
use crate::region::Region;
use crate::routing::{Choice, ChoiceError, Flows, HospitalShare, Shares, draw_of_unit};

/// Days of a year of cases.
const YEAR: f64 = 365.0;

/// In which kind of ward the patients of a specialty lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "snake_case")]
pub enum WardKind {
    /// The department of the specialty.
    OwnDepartment,
    /// The department of the broader specialty that it is part of.
    BroaderDepartment,
    /// The intensive care unit.
    IntensiveCareUnit,
}

/// The ward of a hospital that treats a specialty, with its expected patients.
///
/// Cases are spread evenly over 365 days. All cases of a department count, whatever the specialty:
/// they lie in the same beds. Patients of the intensive care unit are the cases of the specialty
/// `intensive_care` and a share of the patients of all specialties but those of
/// [`Settings::without_icu`], so that the bed days of the reference population are
/// [`Settings::icu_days_per_1000`]; each goes to a hospital that has a unit, by the same choice as to
/// a department, small units drawing less ([`Settings::small_icu_draw`]). Patients from beyond the places
/// count in departments only. Pathways that end in intensive care are not told apart, as a simulation does.
///
/// ```
/// use verbund::Region;
/// use verbund::routing::{Choice, Flows, Huff};
/// use verbund::simulation::{HospitalWard, WardKind};
///
/// let region = Region::leipzig()?;
/// let flows = Flows::of_region(&region, Choice::Huff(Huff::default()))?;
/// let torgau = region.find_hospital("kkh-torgau")?;
/// let unit = HospitalWard::new(&region, &flows, torgau, "intensive_care")?;
/// assert_eq!((unit.kind, unit.beds), (WardKind::IntensiveCareUnit, Some(8)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HospitalWard {
    /// The hospital.
    pub hospital: HospitalId,
    /// Key of the specialty, or department, that was asked for.
    pub specialty: String,
    /// Key of the department; `intensive_care` for the unit.
    pub department: String,
    /// What it is.
    pub kind: WardKind,
    /// Its beds, 1 or more; `None` when they are unknown.
    pub beds: Option<u32>,
    /// Keys of the specialties whose cases lie in it, in the order of the catalog's rates.
    pub treats: Vec<String>,
    /// Patients a day, above 0.
    #[serde(rename = "arrivals_per_day")]
    pub arrivals: f64,
    /// Mean days that they stay, above 0.
    #[serde(rename = "stay_days")]
    pub stay: f64,
}

/// Why a hospital has no ward to be asked about.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WardError {
    /// It has day places or outpatients only.
    #[error("{}", said!("{hospital} has no inpatients", hospital))]
    NoInpatients {
        /// Key of the hospital.
        hospital: String,
    },
    /// No department treats the specialty.
    #[error("{}", said!("{hospital} has no department that treats {specialty}; it has: {departments}", hospital, specialty, departments))]
    NoDepartment {
        /// Key of the hospital.
        hospital: String,
        /// Key of the specialty.
        specialty: String,
        /// Keys of its inpatient departments, with commas.
        departments: String,
    },
    /// There is a ward, but no expected case comes to it.
    #[error("{}", said!("no patient reaches {department} of {hospital}: no expected case of any place goes there", department, hospital))]
    Unreached {
        /// Key of the hospital.
        hospital: String,
        /// The department with its beds, as in `internal_medicine (90 beds)`.
        department: String,
    },
    /// The choice of patients cannot be evaluated.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
}

impl HospitalWard {
    /// The ward of a hospital for a specialty or department, with the patients that these flows of
    /// all specialties bring.
    ///
    /// # Errors
    ///
    /// When no ward of the hospital treats it, or no patient reaches that ward.
    pub fn new(
        region: &Region,
        flows: &Flows,
        hospital: HospitalId,
        specialty: &str,
    ) -> Result<Self, WardError> {
        let network = region.network();
        let site = &network[hospital];
        if !site.kind.has_inpatients() {
            return Err(WardError::NoInpatients { hospital: site.key.clone() });
        }
        // A unit is a facility, so that no department of the flows stands for it.
        if specialty == INTENSIVE_CARE && has_unit(site) {
            return unit(region, flows.choice, hospital);
        }

        let Some(department) = network.treating_department(hospital, specialty) else {
            return Err(no_department(site, specialty));
        };
        let load = flows
            .loads
            .iter()
            .find(|load| load.hospital == hospital && load.department == department);
        let beds = site.beds_of(department).filter(|beds| *beds > 0);
        let Some(load) = load.filter(|load| load.cases > 0.0 && load.bed_days > 0.0) else {
            return Err(unreached(site, department, beds));
        };
        let mut treats = Vec::new();
        for treatment in &flows.treatments {
            if treatment.hospital == hospital && treatment.department == department {
                treats.push(treatment.specialty.clone());
            }
        }
        Ok(Self {
            hospital,
            specialty: specialty.to_owned(),
            department: department.to_owned(),
            kind: if department == specialty {
                WardKind::OwnDepartment
            } else {
                WardKind::BroaderDepartment
            },
            beds,
            treats,
            // All that lie in its beds count, those of other specialties and from beyond the places too.
            arrivals: load.all_cases() / YEAR,
            stay: load.bed_days / load.all_cases(),
        })
    }

    /// The ward of a question, with its beds where they are known. Its name tells the hospital and the
    /// department.
    pub fn ward(&self, network: &Network) -> BedWard {
        let name = format!("{} {}", network[self.hospital].key, self.department);
        let mut ward = BedWard::new(name, self.arrivals, self.stay);
        ward.beds = self.beds;
        ward
    }
}

fn no_department(site: &Hospital, specialty: &str) -> WardError {
    let mut departments: Vec<&str> = Vec::new();
    for department in &site.departments {
        if department.is_inpatient() {
            departments.push(&department.specialty);
        }
    }
    WardError::NoDepartment {
        hospital: site.key.clone(),
        specialty: specialty.to_owned(),
        departments: if departments.is_empty() {
            "none".to_owned()
        } else {
            departments.join(", ")
        },
    }
}

fn unreached(site: &Hospital, department: &str, beds: Option<u32>) -> WardError {
    let beds = match beds {
        Some(beds) => format!("{beds} beds"),
        None => "beds unknown".to_owned(),
    };
    WardError::Unreached {
        hospital: site.key.clone(),
        department: format!("{department} ({beds})"),
    }
}

/// Whether a hospital has an intensive care unit, or a department of it, with beds or with an unknown
/// number of them.
fn has_unit(site: &Hospital) -> bool {
    let unit = site.facility(ICU).is_some_and(|unit| unit.count != Some(0));
    site.kind.has_inpatients()
        && (unit || site.beds_of(INTENSIVE_CARE).is_some_and(|beds| beds > 0))
}

/// Beds of a unit: those of a department of intensive care, else those of the facility.
fn beds_of_unit(site: &Hospital) -> Option<u32> {
    let department = site.beds_of(INTENSIVE_CARE).filter(|beds| *beds > 0);
    department.or_else(|| site.facility(ICU)?.count)
}

/// Share of the patients of other specialties who need intensive care, the same for all that have any.
fn share_of_others(catalog: &Catalog, settings: &Settings) -> f64 {
    let (mut own_days, mut others) = (0.0, 0.0);
    for rate in &catalog.demand.rates {
        if rate.specialty == INTENSIVE_CARE {
            own_days += rate.per_1000 * rate.stay_days * catalog.demand.stay_factor;
        } else if !settings.without_icu.contains(&rate.specialty) {
            others += rate.per_1000;
        }
    }
    if others <= 0.0 {
        return 0.0;
    }
    ((settings.icu_days_per_1000 - own_days) / (others * settings.icu_stay_days)).clamp(0.0, 1.0)
}

/// The intensive care unit of a hospital that has one, with its patients.
fn unit(region: &Region, choice: Choice, hospital: HospitalId) -> Result<HospitalWard, WardError> {
    let network = region.network();
    let settings = Settings::default();
    let share = share_of_others(network.catalog(), &settings);
    let (mut patients, mut days) = (0.0, 0.0);
    let mut treats = Vec::new();
    for cases in &region.demand().specialties {
        let (share, stay) = if cases.key == INTENSIVE_CARE {
            (1.0, cases.stay_days)
        } else if settings.without_icu.contains(&cases.key) {
            continue;
        } else {
            (share, settings.icu_stay_days)
        };
        // Units of intensive care itself are weighed below, as those of the other specialties.
        let shares = Shares::with_small_icu_draw(region, &cases.key, choice, 1.0)?;
        let Some(shares) = shares else { continue };
        let mut here = 0.0;
        for (place, of_place) in region.place_ids().zip(&cases.cases) {
            if *of_place > 0.0 {
                let chosen = shares.at(place);
                here += share * of_place * share_of_unit(region, &settings, &chosen, hospital);
            }
        }
        if here > 0.0 {
            treats.push(cases.key.clone());
        }
        patients += here;
        days += here * stay;
    }

    let site = &network[hospital];
    let beds = beds_of_unit(site);
    if patients <= 0.0 || days <= 0.0 {
        return Err(unreached(site, "the intensive care unit", beds));
    }
    Ok(HospitalWard {
        hospital,
        specialty: INTENSIVE_CARE.to_owned(),
        department: INTENSIVE_CARE.to_owned(),
        kind: WardKind::IntensiveCareUnit,
        beds,
        treats,
        arrivals: patients / YEAR,
        stay: days / patients,
    })
}

/// The share of the patients of a place who go to the unit of this hospital: those of hospitals
/// without a unit are spread over the others that they would choose, and small units draw less
/// ([`Settings::small_icu_draw`]).
fn share_of_unit(
    region: &Region,
    settings: &Settings,
    shares: &[HospitalShare],
    hospital: HospitalId,
) -> f64 {
    let (mut reached, mut with_unit, mut here) = (0.0, 0.0, 0.0);
    for HospitalShare { hospital: chosen, share } in shares {
        reached += share;
        let site = &region.network()[*chosen];
        if has_unit(site) {
            let drawn = share * draw_of_unit(site, settings.small_icu_draw);
            with_unit += drawn;
            if *chosen == hospital {
                here = drawn;
            }
        }
    }
    if with_unit > 0.0 { reached * here / with_unit } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_others_leaves_the_days_of_the_reference_population() {
        // 80 bed days per 1,000; 10 of them by the specialty itself; 7 cases per 1,000 of others for 4
        // days: 70 / 28 is more than all, and 20 days of 7 cases of 4 days are 20 / 28.
        let rate = |specialty: &str, per_1000| crate::model::Rate {
            specialty: specialty.to_owned(),
            per_1000,
            stay_days: 5.0,
            emergency_share: 0.5,
            population: crate::model::PopulationGroup::ALL,
            by_age: crate::model::ByAge::Even,
            source: String::new(),
            assumed: true,
            derived: None,
        };
        let mut catalog = Catalog::default();
        catalog.demand.stay_factor = 1.0;
        catalog.demand.rates =
            vec![rate(INTENSIVE_CARE, 2.0), rate("surgery", 7.0), rate("psychiatry", 100.0)];
        let mut settings =
            Settings { icu_stay_days: 4.0, icu_days_per_1000: 80.0, ..Settings::default() };
        assert_eq!(share_of_others(&catalog, &settings), 1.0);
        settings.icu_days_per_1000 = 30.0;
        assert!((share_of_others(&catalog, &settings) - 20.0 / 28.0).abs() < 1e-12);
        settings.icu_days_per_1000 = 5.0;
        assert_eq!(share_of_others(&catalog, &settings), 0.0);
    }
}
