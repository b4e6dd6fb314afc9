//! A hospital of the network from a row of the directory.

use super::department_keys::{STROKE_BEDS, WOMEN_AND_BIRTHS, department_key};
use super::directory::{Directory, DirectorySite, Licence};
use super::faults::{ImportRemark, RemarkKind};
use super::keys::site_name;
use crate::model::{Department, EmergencyLevel, Facility, Hospital, Ownership, Position, SiteKind};

/// A rule by which the import fills in what no source says: its key, and what it says in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derivation {
    /// Its key in `network.ron`.
    pub key: &'static str,
    /// The rule.
    pub rule: &'static str,
}

/// CT by emergency stage.
pub const CT_BY_STAGE: Derivation = Derivation {
    key: "ct-by-stage",
    rule: "a site with an emergency stage, or with the module for strokes, has a CT: the G-BA rules on emergency structures ask for one around the clock",
};
/// Intensive care unit by emergency stage.
pub const ICU_BY_STAGE: Derivation = Derivation {
    key: "icu-by-stage",
    rule: "a site with an emergency stage has an intensive care unit: the G-BA rules ask for at least six intensive beds; their number is unknown",
};
/// Cath lab by the heart module, or by a cardiology with a stage.
pub const CATH_LAB: Derivation = Derivation {
    key: "cath-lab-by-module-or-cardiology",
    rule: "a site with the module for hearts, or with a department of cardiology and an emergency stage, has a cath lab",
};
/// Stroke unit by the stroke module, or by beds.
pub const STROKE_UNIT: Derivation = Derivation {
    key: "stroke-unit-by-module-or-beds",
    rule: "a site with the module for strokes, or with beds under the keys 0156 or 2856, has a stroke unit; its grade is unknown",
};
/// Trauma centre by the module.
pub const TRAUMA_CENTRE: Derivation = Derivation {
    key: "trauma-centre-by-module",
    rule: "a site with the module for the severely injured is a trauma centre; its grade is unknown",
};
/// Gynaecology and obstetrics in one number, births unknown.
pub const WOMEN_BY_KEY: Derivation = Derivation {
    key: "gynaecology-with-obstetrics",
    rule: "beds under key 2400 hold gynaecology and obstetrics in one number, and where births are unknown, so is whether there are any: 61 % of the beds stand in as obstetrics. 19.6 beds per 1,000 births (what the three sites of the region Leipzig have that report both numbers) are 15,592 for the 795,492 births of Germany in 2021; less the 2,176 beds under key 2500 they are 61 % of the 21,830 under key 2400",
};
/// Obstetric beds by births.
pub const OBSTETRIC_BEDS: Derivation = Derivation {
    key: "obstetric-beds-by-births",
    rule: "of the beds under key 2400 (gynaecology with obstetrics) 19.6 per 1,000 births of the counted year are obstetrics, the rest gynaecology; 19.6 is what the three sites of the region Leipzig have that report both numbers (93 beds for 4,733 births)",
};

/// Every rule.
pub const DERIVATIONS: [Derivation; 7] =
    [CT_BY_STAGE, ICU_BY_STAGE, CATH_LAB, STROKE_UNIT, TRAUMA_CENTRE, WOMEN_BY_KEY, OBSTETRIC_BEDS];

/// A hospital being made, with what a person should know of it.
pub(super) struct Built {
    pub(super) hospital: Hospital,
    pub(super) remarks: Vec<ImportRemark>,
}

impl Built {
    pub(super) fn remark(&mut self, kind: RemarkKind, topic: &'static str, message: String) {
        self.remarks.push(ImportRemark::new(kind, topic, message).of(&self.hospital.key));
    }

    /// Adds a facility that a source names, in place of what an older one said of it.
    pub(super) fn facility(&mut self, facility: Facility) {
        self.hospital.facilities.retain(|other| other.kind != facility.kind);
        self.hospital.facilities.push(facility);
    }

    /// Adds a facility by a rule, where no source names it.
    fn derive(&mut self, kind: &str, rule: Derivation) {
        if self.hospital.facility(kind).is_none() {
            self.hospital.facilities.push(Facility::new(kind));
            self.hospital.derived.insert(format!("facilities.{kind}"), rule.key.to_owned());
        }
    }
}

/// What a site is called in the sources of its network.
pub(super) fn source_key(directory: &Directory) -> String {
    format!("directory-{}", directory.year)
}

/// The hospital of a row of the directory at a position.
pub(super) fn build(
    directory: &Directory,
    site: &DirectorySite,
    (key, position): (&str, Position),
) -> Built {
    let hospital = Hospital {
        operator: operator(site),
        ownership: ownership(site),
        kind: if site.beds.is_some() { SiteKind::Hospital } else { SiteKind::DayClinic },
        city: Some(site.address.city.clone()).filter(|city| !city.is_empty()),
        emergency_level: site.emergency_level,
        beds: site.beds,
        sources: vec![source_key(directory)],
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
    add_departments(&mut built, directory, site);
    add_modules(&mut built, site);
    built
}

fn operator(site: &DirectorySite) -> String {
    let named = [&site.operator, &site.hospital, &site.site];
    named.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default()
}

/// A public university hospital is its state's; others keep their owner, a public body where none is named.
fn ownership(site: &DirectorySite) -> Ownership {
    match (site.licence, site.ownership.unwrap_or(Ownership::Public)) {
        (Some(Licence::University), Ownership::Public) => Ownership::University,
        (_, ownership) => ownership,
    }
}

/// Share of the beds under key 2400 that stand in as obstetrics where births are unknown; see [`WOMEN_BY_KEY`].
const OBSTETRIC_SHARE: f64 = 0.61;

/// Where all beds of women are in one number, some of them stand in for an obstetrics that may be there or not.
fn split_women(built: &mut Built) {
    let departments = &mut built.hospital.departments;
    if departments.iter().any(|department| department.specialty == "obstetrics") {
        // Key 2500 says that there are births, and its beds are counted apart.
        return;
    }
    let women = departments.iter_mut().find(|department| department.specialty == "gynecology");
    let Some((women, both)) = women.and_then(|women| women.beds.map(|both| (women, both))) else {
        return;
    };
    let obstetric = (f64::from(both) * OBSTETRIC_SHARE).round() as u32;
    women.beds = Some(both - obstetric);
    if obstetric > 0 {
        departments.push(Department::new("obstetrics").beds(obstetric));
        let path = "departments.obstetrics.beds".to_owned();
        built.hospital.derived.insert(path, WOMEN_BY_KEY.key.to_owned());
    }
    let path = "departments.gynecology.beds".to_owned();
    built.hospital.derived.insert(path, WOMEN_BY_KEY.key.to_owned());
    built.hospital.unknown.push("departments.obstetrics".to_owned());
    let message = format!(
        "{both} beds of gynaecology and obstetrics in one number (key 2400): whether there are births is unknown; \
         {obstetric} beds stand in as obstetrics"
    );
    built.remark(RemarkKind::Missing, "births", message);
}

/// Departments by specialty: the beds of keys of one specialty together, in the order of the keys.
fn add_departments(built: &mut Built, directory: &Directory, site: &DirectorySite) {
    let mut names: Vec<Vec<&str>> = Vec::new();
    let mut elsewhere = 0;
    let mut has_women_in_one = false;
    for (key, beds) in &site.departments {
        let known = department_key(key);
        let Some(specialty) = known.and_then(|entry| entry.specialty) else {
            elsewhere += beds;
            continue;
        };
        if *beds == 0 {
            continue;
        }
        let name = known.map_or("", |entry| entry.name);
        let departments = &mut built.hospital.departments;
        let same = departments.iter().position(|other| other.specialty == specialty);
        if let Some(index) = same {
            departments[index].beds = departments[index].beds.map(|sum| sum + beds);
            names[index].push(name);
        } else {
            departments.push(Department::new(specialty).beds(*beds));
            names.push(vec![name]);
        }
        has_women_in_one |= key == WOMEN_AND_BIRTHS;
    }
    for (department, names) in built.hospital.departments.iter_mut().zip(names) {
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        department.name = Some(names.join(" + ")).filter(|name| !name.is_empty());
    }
    if has_women_in_one {
        split_women(built);
    }
    if elsewhere > 0 {
        let message = format!(
            "{elsewhere} beds are in departments that are no specialty of the catalog: they count in the total only"
        );
        built.remark(RemarkKind::Missing, "specialty", message);
    }
    check_total(built, directory, site);
}

/// The total of a row and the sum of its departments: where they differ, the departments are in use.
fn check_total(built: &mut Built, directory: &Directory, site: &DirectorySite) {
    let sum = site.beds_in_departments();
    let total = u64::from(site.beds.unwrap_or(0));
    if sum == total {
        return;
    }
    let in_use = sum.max(total);
    built.hospital.beds = u32::try_from(in_use).ok();
    let message = format!(
        "the directory has {total} beds, its departments {sum}: {in_use} are in use (the greater number)"
    );
    let remark = ImportRemark::new(RemarkKind::Contradiction, "beds", message);
    built.remarks.push(remark.of(&built.hospital.key).at(&directory.file, site.row));
}

/// What the modules of the directory say: a "yes" is taken, a "no" says little (hospitals that are certified by
/// others report none).
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

/// Adds what rules give where no source says anything, by the stage, modules and departments that are in use; only
/// sites with beds have facilities.
pub(super) fn derive_facilities(built: &mut Built, site: &DirectorySite) {
    if site.beds.is_none() {
        return;
    }
    let hospital = &built.hospital;
    let has_stage = hospital.emergency_level >= Some(EmergencyLevel::Basic);
    let has = |module: &str| hospital.facility(module).is_some();
    let (has_stroke, has_heart, has_trauma) =
        (has("stroke_module"), has("heart_module"), has("trauma_module"));
    let has_cardiology = hospital.has_specialty("cardiology");
    if has_stage || has_stroke {
        built.derive("ct", CT_BY_STAGE);
    }
    if has_stage {
        built.derive("icu", ICU_BY_STAGE);
    }
    if has_heart || (has_stage && has_cardiology) {
        built.derive("cath_lab", CATH_LAB);
    }
    let is_stroke = |(key, beds): &(String, u32)| STROKE_BEDS.contains(&key.as_str()) && *beds > 0;
    if has_stroke || site.departments.iter().any(is_stroke) {
        built.derive("stroke_unit", STROKE_UNIT);
    }
    if has_trauma {
        built.derive("trauma_centre", TRAUMA_CENTRE);
    }
}

/// Whose quality reports are among the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reports {
    /// Nobody's.
    None,
    /// Those of other sites: what they name, this one may have, too.
    OfOthers,
    /// That of the site, which names all that it has.
    OfTheSite,
}

/// Notes what a site may have though nothing says so: the directory's modules are under-reported, and it has no
/// perinatal levels. A quality report lists the latter, so a site with one has what it says.
///
/// - A stroke unit where there is an emergency stage and a neurology.
/// - A trauma centre where there is an emergency stage and a department of general surgery or of trauma surgery and orthopaedics.
/// - A perinatal centre where there are, or may be, births, and a department for children.
/// - Equipment that only reports name, where the reports of others are among the files.
pub(super) fn note_unknown(built: &mut Built, reports: Reports) {
    let has_report = reports == Reports::OfTheSite;
    let hospital = &built.hospital;
    let has_stage = hospital.emergency_level >= Some(EmergencyLevel::Basic);
    let has_any = |specialties: &[&str]| specialties.iter().any(|key| hospital.has_specialty(key));
    let surgery = ["general_surgery", "trauma_orthopedics"];
    let candidates = [
        ("stroke_unit", has_stage && has_any(&["neurology"])),
        ("trauma_centre", has_stage && has_any(&surgery)),
        (
            "perinatal",
            !has_report && has_any(&["obstetrics"]) && has_any(&["pediatrics", "neonatology"]),
        ),
        ("thrombectomy", has_stage && reports == Reports::OfOthers),
        ("mri", has_stage && reports == Reports::OfOthers),
        ("dialysis", has_stage && reports == Reports::OfOthers),
        ("chest_pain_unit", has_stage && reports == Reports::OfOthers),
    ];
    for (kind, may_be) in candidates {
        if !may_be || built.hospital.facility(kind).is_some() {
            continue;
        }
        built.hospital.unknown.push(format!("facilities.{kind}"));
        let message = format!("nothing says whether it has a {}", kind.replace('_', " "));
        built.remark(RemarkKind::Missing, kind, message);
    }
}
