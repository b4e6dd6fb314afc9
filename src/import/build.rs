//! A hospital of the network from a row of the directory.

use super::births::split_by_share;
use super::built::{Built, CATH_LAB, CT_BY_STAGE, ICU_BY_STAGE, STROKE_UNIT, TRAUMA_CENTRE};
use super::department_keys::{STROKE_BEDS, WOMEN_AND_BIRTHS, department_key, specialty_of};
use super::directory::Directory;
use super::directory_site::{DepartmentBeds, DirectorySite, Licence};
use super::faults::{ImportRemark, RemarkKind};
use super::keys::site_name;
use super::sources::directory_key;
use super::text::non_empty;
use crate::model::{Department, EmergencyLevel, Facility, Hospital, Ownership, Position, SiteKind};

/// The hospital of a row of the directory at a position.
pub(super) fn build(
    directory: &Directory,
    site: &DirectorySite,
    key: &str,
    position: Position,
) -> Built {
    let hospital = Hospital {
        operator: operator(site),
        ownership: ownership(site),
        kind: if site.beds.is_some() { SiteKind::Hospital } else { SiteKind::DayClinic },
        city: non_empty(&site.address.city),
        emergency_level: site.emergency_level,
        beds: site.beds,
        sources: vec![directory_key(directory)],
        ..Hospital::new(key, site_name(site), position)
    };
    let mut built = Built { hospital, remarks: Vec::new() };

    if site.operator.is_empty() {
        built.hospital.assumed.push("operator".to_owned());
    }
    if site.ownership.is_none() {
        built.hospital.assumed.push("ownership".to_owned());
        let message = "the directory does not say who owns it: taken as public".to_owned();
        built.remark(RemarkKind::Assumed, "ownership", message);
    }
    if site.beds.is_none() {
        // The directory does not say what a site without beds is.
        built.hospital.assumed.push("kind".to_owned());
    }

    add_departments(&mut built, site);
    check_total(&mut built, directory, site);
    add_modules(&mut built, site);
    built
}

/// The operator; where none is named, the hospital or the site.
fn operator(site: &DirectorySite) -> String {
    for name in [&site.operator, &site.hospital, &site.site] {
        if !name.is_empty() {
            return name.clone();
        }
    }
    String::new()
}

/// A public university hospital is its state's; others keep their owner, a public body where none is named.
fn ownership(site: &DirectorySite) -> Ownership {
    match (site.licence, site.ownership.unwrap_or(Ownership::Public)) {
        (Some(Licence::University), Ownership::Public) => Ownership::University,
        (_, ownership) => ownership,
    }
}

/// Adds departments by specialty: the beds of keys of one specialty together, in the order of the keys.
fn add_departments(built: &mut Built, site: &DirectorySite) {
    // Beds are set-up ones (aufgestellte Betten). Plan beds are in the plans of the states only.
    let mut beds_elsewhere = 0;
    for DepartmentBeds { key, beds } in &site.departments {
        let Some(specialty) = specialty_of(key) else {
            beds_elsewhere += beds;
            continue;
        };
        if *beds > 0 {
            let name = department_key(key).map_or("", |entry| entry.name);
            add_beds(built, specialty, *beds, name);
        }
    }

    let has_women_in_one =
        site.departments.iter().any(|department| department.has_beds_of(&[WOMEN_AND_BIRTHS]));
    if has_women_in_one {
        split_by_share(built);
    }
    if beds_elsewhere > 0 {
        let message = format!(
            "{beds_elsewhere} beds are in departments that are no specialty of the catalog: they count in the total only"
        );
        built.remark(RemarkKind::Missing, "specialty", message);
    }
}

/// Adds beds of a department key to the department of its specialty, and the name of the key to its name.
fn add_beds(built: &mut Built, specialty: &str, beds: u32, name: &str) {
    let name = non_empty(name);
    let Some(department) = built.department_mut(specialty) else {
        let department = Department { name, ..Department::new(specialty).beds(beds) };
        built.hospital.departments.push(department);
        return;
    };

    department.beds = department.beds.map(|sum| sum + beds);
    department.name = match (department.name.take(), name) {
        (Some(names), Some(name)) => Some(format!("{names} + {name}")),
        (names, name) => names.or(name),
    };
}

/// The total of a row and the sum of its departments: where they differ, the greater number is in use.
fn check_total(built: &mut Built, directory: &Directory, site: &DirectorySite) {
    let sum = site.beds_in_departments();
    let total = u64::from(site.beds.unwrap_or(0));
    if sum == total {
        return;
    }

    // Hospitals report both themselves, and the row does not say which one is wrong: Grimma and Wurzen report the same
    // beds twice over, with the total split in half.
    let in_use = sum.max(total);
    built.hospital.beds = u32::try_from(in_use).ok();
    let message = format!(
        "the directory has {total} beds, its departments {sum}: {in_use} are in use (the greater number)"
    );
    let remark = ImportRemark::new(RemarkKind::Contradiction, "beds", message);
    built.remarks.push(remark.of(&built.hospital.key).at(&directory.file, site.row));
}

/// Adds the modules to which the directory says "yes". A "no" says little: St. Georg in Leipzig reports no stroke and
/// no trauma module, although both are certified by others.
fn add_modules(built: &mut Built, site: &DirectorySite) {
    let modules = &site.modules;
    for (module, kind) in [
        (modules.trauma, "trauma_module"),
        (modules.children, "children_module"),
        (modules.special, "special_module"),
        (modules.stroke, "stroke_module"),
        (modules.heart, "heart_module"),
    ] {
        if module == Some(true) && site.beds.is_some() {
            built.facility(Facility::new(kind));
        }
    }
}

/// Adds facilities by rules where no source names them, from the stage, modules and departments that are in use; only
/// sites with beds have facilities.
pub(super) fn derive_facilities(built: &mut Built, site: &DirectorySite) {
    if site.beds.is_none() {
        return;
    }

    let hospital = &built.hospital;
    let has_stage = hospital.emergency_level >= Some(EmergencyLevel::Basic);
    let has_stroke_module = hospital.facility("stroke_module").is_some();
    let has_heart_module = hospital.facility("heart_module").is_some();
    let has_trauma_module = hospital.facility("trauma_module").is_some();
    let has_cardiology = hospital.has_specialty("cardiology");
    let has_stroke_beds =
        site.departments.iter().any(|department| department.has_beds_of(&STROKE_BEDS));

    if has_stage || has_stroke_module {
        built.derive("ct", CT_BY_STAGE);
    }
    if has_stage {
        // Without beds: key 3600 is intensive care as a department of its own, and most of its beds stand under others.
        built.derive("icu", ICU_BY_STAGE);
    }
    if has_heart_module || (has_stage && has_cardiology) {
        built.derive("cath_lab", CATH_LAB);
    }
    if has_stroke_module || has_stroke_beds {
        built.derive("stroke_unit", STROKE_UNIT);
    }
    if has_trauma_module {
        built.derive("trauma_centre", TRAUMA_CENTRE);
    }
}

/// Whose quality reports are among the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reports {
    /// Nobody's.
    None,
    /// Those of other sites only: this one may have any equipment that they name.
    OfOthers,
    /// That of the site, which names all its equipment.
    OfTheSite,
}

/// Notes facilities that a site may have though nothing says so: the directory's modules are under-reported, and it
/// has no perinatal levels. A quality report lists the latter, so they are known of a site that has one.
///
/// - A stroke unit where there is an emergency stage and a neurology.
/// - A trauma centre where there is an emergency stage and a department of general surgery or of trauma surgery and
///   orthopaedics.
/// - A perinatal centre where there are, or may be, births, and a department for children.
/// - Equipment that only reports name, where the reports of others are among the files.
pub(super) fn note_unknown(built: &mut Built, reports: Reports) {
    let hospital = &built.hospital;
    let has_stage = hospital.emergency_level >= Some(EmergencyLevel::Basic);
    let has_surgery =
        hospital.has_specialty("general_surgery") || hospital.has_specialty("trauma_orthopaedics");
    let has_children =
        hospital.has_specialty("paediatrics") || hospital.has_specialty("neonatology");
    let may_have_births = hospital.has_specialty("obstetrics");
    let only_others_report = has_stage && reports == Reports::OfOthers;
    // A stroke unit and a trauma centre may be there beside a report, too: big university hospitals forget modules.
    let candidates = [
        ("stroke_unit", has_stage && hospital.has_specialty("neurology")),
        ("trauma_centre", has_stage && has_surgery),
        ("perinatal", reports != Reports::OfTheSite && may_have_births && has_children),
        ("thrombectomy", only_others_report),
        ("mri", only_others_report),
        ("dialysis", only_others_report),
        ("chest_pain_unit", only_others_report),
    ];

    for (kind, may_be_there) in candidates {
        if !may_be_there || built.hospital.facility(kind).is_some() {
            continue;
        }
        built.hospital.unknown.push(format!("facilities.{kind}"));
        let message = format!("nothing says whether it has a {}", kind.replace('_', " "));
        built.remark(RemarkKind::Missing, kind, message);
    }
}
