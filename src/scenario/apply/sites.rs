//! Changes of hospitals: what opens, closes, moves, grows and becomes one.

use std::collections::BTreeSet;

use super::{Refusal, State, conflict, gone, mark, mark_assumed};
use crate::model::{CareLevel, Catalog, Department, Facility, Hospital, Parties, SiteKind};
use crate::scenario::DepartmentKey;
use crate::scenario::{
    Conversion, DepartmentMove, DepartmentSize, FacilityKey, HospitalSize, Merger, NewDepartment,
    NewFacility, NewHours, SmallerSite,
};

impl State<'_> {
    pub(super) fn close_department(&mut self, key: &DepartmentKey) -> Result<(), Refusal> {
        let hospital = self.department(("hospital", &key.hospital), &key.specialty)?;
        hospital.departments.retain(|one| one.specialty != key.specialty || !one.is_inpatient());
        hospital.settle(&format!("departments.{}", key.specialty));
        hospital.drop_stale_marks();
        Ok(())
    }

    pub(super) fn close_hospital(&mut self, key: &str) -> Result<(), Refusal> {
        self.hospital("", key)?;
        let network = &mut self.network;
        network.hospitals.retain(|one| one.key != key);
        for branch in network.hospitals.iter_mut().filter(|one| one.parent.as_deref() == Some(key))
        {
            branch.parent = None;
        }
        for alliance in &mut network.alliances {
            alliance.members.retain(|member| member != key);
        }
        self.keep_whole_cooperations();
        Ok(())
    }

    /// Cooperations go on among those of their parties that are there, when at least two are.
    fn keep_whole_cooperations(&mut self) {
        let network = &mut self.network;
        let there: BTreeSet<&str> = network.hospitals.iter().map(|one| one.key.as_str()).collect();
        let day = network.date;
        let kept = network.cooperations.iter().filter_map(|one| one.as_of(day, &there));
        network.cooperations = kept.collect();
    }

    pub(super) fn open_hospital(&mut self, hospital: &Hospital) -> Result<(), Refusal> {
        if self.network.find(&hospital.key).is_some() {
            let message = format!("there is a hospital \"{}\" already", hospital.key);
            return Err(conflict("id", message, "a key that no hospital has then"));
        }
        if let Some(parent) = &hospital.parent {
            let main = self.hospital("parent", parent)?;
            if main.parent.is_some() {
                let message = format!("\"{parent}\" is itself a branch of another site");
                return Err(conflict("parent", message, "a main site"));
            }
        }
        let at = self.network.hospitals.partition_point(|one| one.key < hospital.key);
        self.network.hospitals.insert(at, hospital.clone());
        Ok(())
    }

    pub(super) fn add_department(&mut self, new: &NewDepartment) -> Result<(), Refusal> {
        let hospital = self.hospital("hospital", &new.hospital)?;
        let own = &new.department;
        let path = format!("departments.{}", own.specialty);
        if hospital.is_unknown(&path) {
            // What stood in for a department that nobody knew of makes room for the one that opens.
            hospital.departments.retain(|one| one.specialty != own.specialty);
        }
        let is_twin = |one: &Department| (&one.specialty, one.kind) == (&own.specialty, own.kind);
        if hospital.departments.iter().any(is_twin) {
            let message = format!("\"{}\" has a department of \"{}\"", hospital.key, own.specialty);
            let expected = "a specialty that it does not have, or ResizeDepartment";
            return Err(conflict("department.specialty", message, expected));
        }
        check_total(hospital, "department.beds", own.beds.into_iter().map(u64::from).sum())?;
        hospital.departments.push(own.clone());
        mark(hospital, &path);
        Ok(())
    }

    pub(super) fn move_department(&mut self, one: &DepartmentMove) -> Result<(), Refusal> {
        let to = self.hospital("to", &one.to)?;
        if !to.kind.has_inpatients() {
            let message = format!("\"{}\" has no inpatients", one.to);
            return Err(conflict("to", message, "a site with inpatients"));
        }
        let from = self.department(("from", &one.from), &one.specialty)?;
        let there = from.beds_of(&one.specialty);
        if let (Some(beds), Some(there)) = (one.beds, there)
            && beds > there
        {
            let message = format!("{beds} beds would move, but there are {there}");
            return Err(conflict("beds", message, "at most the beds of the department"));
        }
        let beds = one.beds.or(there);
        let department = from.inpatient_department(&one.specialty).expect("just found").clone();
        let is_assumed = from.is_assumed(&format!("departments.{}", one.specialty));
        let path = format!("departments.{}.beds", one.specialty);
        let has_assumed_beds = one.beds.is_some() || from.is_assumed(&path);
        let beds_rule = from.derivation(&path).map(str::to_owned);
        let department_path = format!("departments.{}", one.specialty);
        let is_unknown = from.is_unknown(&department_path);
        from.settle(&department_path);
        from.departments.retain(|own| own.specialty != one.specialty || !own.is_inpatient());
        from.beds = from.beds.map(|total| total.saturating_sub(beds.unwrap_or(0)));
        from.drop_stale_marks();
        let to = self.hospital("to", &one.to)?;
        let before = to.clone();
        if is_unknown && !to.has_path(&department_path) {
            to.unknown.push(department_path.clone());
        }
        to.beds = to.beds.map(|total| total.saturating_add(beds.unwrap_or(0)));
        receive(to, Department { beds, ..department });
        mark_other_hours(to, &before);
        if is_assumed {
            mark_assumed(to, &department_path);
        } else if has_assumed_beds && beds.is_some() {
            mark(to, &path);
        } else if let Some(rule) = beds_rule {
            to.derived.insert(path, rule);
        }
        Ok(())
    }

    pub(super) fn resize_department(&mut self, size: &DepartmentSize) -> Result<(), Refusal> {
        let hospital = self.department(("hospital", &size.hospital), &size.specialty)?;
        let kind = hospital.inpatient_department(&size.specialty).expect("just found").kind;
        let at = hospital
            .departments
            .iter()
            .position(|one| (&one.specialty, one.kind) == (&size.specialty, kind))
            .expect("just found");
        let before = hospital.departments[at].beds.replace(size.beds);
        if let Err(refusal) = check_total(hospital, "beds", 0) {
            hospital.departments[at].beds = before;
            return Err(refusal);
        }
        mark(hospital, &format!("departments.{}.beds", size.specialty));
        Ok(())
    }

    pub(super) fn resize_hospital(&mut self, size: &HospitalSize) -> Result<(), Refusal> {
        let hospital = self.hospital("hospital", &size.hospital)?;
        let before = hospital.beds.replace(size.beds);
        if let Err(refusal) = check_total(hospital, "beds", 0) {
            hospital.beds = before;
            return Err(refusal);
        }
        mark(hospital, "beds");
        Ok(())
    }

    pub(super) fn set_facility(&mut self, new: &NewFacility) -> Result<(), Refusal> {
        let hospital = self.hospital("hospital", &new.hospital)?;
        match hospital.facilities.iter_mut().find(|one| one.kind == new.facility.kind) {
            Some(own) => own.clone_from(&new.facility),
            None => hospital.facilities.push(new.facility.clone()),
        }
        mark(hospital, &format!("facilities.{}", new.facility.kind));
        Ok(())
    }

    pub(super) fn close_facility(&mut self, key: &FacilityKey) -> Result<(), Refusal> {
        let hospital = self.hospital("hospital", &key.hospital)?;
        if hospital.facility(&key.kind).is_none() {
            return Err(no_facility("kind", hospital, &key.kind));
        }
        hospital.facilities.retain(|one| one.kind != key.kind);
        hospital.settle(&format!("facilities.{}", key.kind));
        hospital.drop_stale_marks();
        Ok(())
    }

    pub(super) fn set_hours(&mut self, new: &NewHours) -> Result<(), Refusal> {
        let hospital = self.hospital("hospital", &new.hospital)?;
        if let Some(kind) = &new.facility {
            let Some(own) = hospital.facilities.iter_mut().find(|one| one.kind == *kind) else {
                return Err(no_facility("facility", hospital, kind));
            };
            own.hours = new.hours;
            mark(hospital, &format!("facilities.{kind}.hours"));
        }
        if let Some(specialty) = &new.specialty {
            let own = hospital.departments.iter_mut().filter(|one| one.specialty == *specialty);
            let mut count = 0;
            own.for_each(|one| {
                one.hours = new.hours;
                count += 1;
            });
            if count == 0 {
                let message = format!("\"{}\" has no department of \"{specialty}\"", new.hospital);
                return Err(gone("specialty", message, "a department that it has then"));
            }
            mark(hospital, &format!("departments.{specialty}.hours"));
        }
        Ok(())
    }

    pub(super) fn merge(&mut self, Merger { from, into }: &Merger) -> Result<(), Refusal> {
        let old = self.hospital("from", from)?.clone();
        let site = self.hospital("into", into)?;
        if old.kind.has_inpatients() && !site.kind.has_inpatients() {
            let message = format!("\"{into}\" has no inpatients");
            return Err(conflict("into", message, "a site with inpatients"));
        }
        let main = site.parent.take().filter(|main| main != from);
        site.parent.clone_from(&main);
        let catalog = &self.network.catalog;
        let id = self.network.hospitals.iter().position(|one| one.key == *into);
        let site = &mut self.network.hospitals[id.expect("just found")];
        unite(site, &old, catalog);
        let network = &mut self.network;
        network.hospitals.retain(|one| one.key != *from);
        let new_main = main.unwrap_or_else(|| into.clone());
        for branch in &mut network.hospitals {
            if branch.parent.as_ref() == Some(from) {
                branch.parent = (branch.key != new_main).then(|| new_main.clone());
            }
        }
        for alliance in &mut network.alliances {
            if let Some(at) = alliance.members.iter().position(|member| member == from) {
                if alliance.members.contains(into) {
                    alliance.members.remove(at);
                } else {
                    alliance.members[at].clone_from(into);
                }
            }
        }
        network.cooperations.retain_mut(|one| is_left(&mut one.parties, from, into));
        Ok(())
    }

    pub(super) fn convert(&mut self, conversion: &Conversion) -> Result<(), Refusal> {
        let hospital = self.hospital("hospital", &conversion.hospital)?;
        if !hospital.kind.has_inpatients() {
            let message = format!("\"{}\" has no inpatients", hospital.key);
            return Err(conflict("hospital", message, "a site with inpatients"));
        }
        if hospital.kind == conversion.to.kind() {
            let message = format!("\"{}\" is one already", hospital.key);
            return Err(conflict("hospital", message, "a site of another kind"));
        }
        let departments = remaining(hospital, conversion);
        if departments.is_empty() {
            let usual = conversion.to.usual_departments().join(" nor ");
            let message = format!("\"{}\" has neither {usual}", hospital.key);
            return Err(conflict("departments", message, "the departments that it then has"));
        }
        for kind in &conversion.facilities {
            if hospital.facility(kind).is_none() {
                return Err(no_facility("facilities", hospital, kind));
            }
        }
        let keeps = |kind: &String| {
            if conversion.facilities.is_empty() {
                SmallerSite::USUAL_FACILITIES.contains(&kind.as_str())
            } else {
                conversion.facilities.contains(kind)
            }
        };
        hospital.facilities.retain(|one| keeps(&one.kind));
        hospital.kind = conversion.to.kind();
        hospital.departments = departments;
        let beds = hospital.departments.iter().filter(|one| one.is_inpatient());
        hospital.beds = beds.map(|one| one.beds).sum();
        match conversion.to {
            SmallerSite::CrossSectorSite => {
                (hospital.care_level, hospital.emergency_level) = (None, None);
            }
            SmallerSite::HealthCentre => {
                hospital.care_level = Some(CareLevel::Basic);
                let has = |key| hospital.has_specialty(key);
                let has_surgery = has("general_surgery") || has("trauma_orthopedics");
                if !(has("internal_medicine") && has_surgery) {
                    hospital.emergency_level = None;
                }
            }
        }
        for path in ["kind", "beds", "departments", "facilities", "care_level"] {
            mark(hospital, path);
        }
        Ok(())
    }
}

/// The departments that a smaller site has.
fn remaining(hospital: &Hospital, conversion: &Conversion) -> Vec<Department> {
    if conversion.departments.is_empty() {
        let own = |usual: &[&str]| -> Vec<Department> {
            let own = hospital.departments.iter();
            own.filter(|one| one.is_inpatient() && usual.contains(&one.specialty.as_str()))
                .cloned()
                .collect()
        };
        let kept = own(conversion.to.usual_departments());
        return if kept.is_empty() && conversion.to == SmallerSite::HealthCentre {
            own(&["general_surgery", "trauma_orthopedics"])
        } else {
            kept
        };
    }
    let with_beds = conversion.departments.iter().map(|new| {
        let mut kept = new.clone();
        let same = |one: &&Department| (&one.specialty, one.kind) == (&new.specialty, new.kind);
        if let Some(own) = hospital.departments.iter().find(same) {
            kept.beds = new.beds.or(own.beds);
            kept.day_places = new.day_places.or(own.day_places);
            kept.name = new.name.clone().or_else(|| own.name.clone());
        }
        kept
    });
    with_beds.collect()
}

fn no_facility(path: &'static str, hospital: &Hospital, kind: &str) -> Refusal {
    let own = || hospital.facilities.iter().map(|one| one.kind.as_str());
    let expected = if own().next().is_none() {
        "a hospital with facilities".to_owned()
    } else {
        format!("one of {}", own().collect::<Vec<_>>().join(", "))
    };
    let message = format!("\"{}\" has no facility \"{kind}\"", hospital.key);
    let mut refusal = gone(path, message, &expected);
    refusal.fault.closest = crate::problem::closest(kind, own());
    refusal
}

/// The departments and so many beds more fit into the total of the site.
fn check_total(hospital: &Hospital, path: &'static str, more: u64) -> Result<(), Refusal> {
    let Some(total) = hospital.beds else { return Ok(()) };
    let own: u64 = hospital.departments.iter().filter_map(|one| one.beds).map(u64::from).sum();
    if own + more <= u64::from(total) {
        return Ok(());
    }
    let message = format!(
        "the departments of \"{}\" would have {} beds, the site {total}",
        hospital.key,
        own + more
    );
    let expected = "no more beds in departments than at the site";
    Err(conflict(path, message, expected))
}

/// A department comes to a hospital: where it has one of the kind already, beds and day places add up, and
/// it is open when either was.
fn receive(hospital: &mut Hospital, department: Department) {
    let same = |one: &&mut Department| {
        one.specialty == department.specialty && one.is_inpatient() == department.is_inpatient()
    };
    match hospital.departments.iter_mut().find(same) {
        Some(own) => {
            own.beds = own.beds.zip(department.beds).map(|(own, more)| own.saturating_add(more));
            own.day_places = sum(own.day_places, department.day_places);
            own.hours = own.hours.or(department.hours);
            // A main department stays one, whoever comes.
            own.kind = own.kind.min(department.kind);
        }
        None => hospital.departments.push(department),
    }
}

/// The sum of what is known; `None` when neither is.
fn sum(one: Option<u32>, other: Option<u32>) -> Option<u32> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    }
}

/// The care level of two hospitals that become one: the higher one; a Fachkrankenhaus that becomes one with
/// a general hospital is general.
fn united_level(site: Option<CareLevel>, old: Option<CareLevel>) -> Option<CareLevel> {
    let general = |level: &CareLevel| *level != CareLevel::Specialist;
    let levels = [site, old].into_iter().flatten();
    levels.filter(general).max().or(site).or(old)
}

/// How much a kind of site offers: where two become one, the larger kind is left.
fn extent(kind: SiteKind) -> u8 {
    match kind {
        SiteKind::OutpatientCentre => 0,
        SiteKind::DayClinic => 1,
        SiteKind::CrossSectorSite => 2,
        SiteKind::HealthCentre => 3,
        SiteKind::Hospital => 4,
    }
}

/// The staffed share of the beds of both, by beds where both shares are known; else that of the site.
fn united_share(site: &Hospital, old: &Hospital) -> Option<f64> {
    let (Some(own), Some(other)) = (site.staffed_share, old.staffed_share) else {
        return site.staffed_share;
    };
    Some(by_beds((own, site.beds), (other, old.beds)))
}

/// The share of patients from beyond of both, by beds; a site that states none has none.
fn united_from_beyond(site: &Hospital, old: &Hospital) -> Option<f64> {
    if site.from_beyond.is_none() && old.from_beyond.is_none() {
        return None;
    }
    let share = |hospital: &Hospital| (hospital.from_beyond.unwrap_or(0.0), hospital.beds);
    Some(by_beds(share(site), share(old)))
}

/// The mean of two shares by the beds that they are of; the first where beds are unknown or none.
fn by_beds((own, own_beds): (f64, Option<u32>), (other, other_beds): (f64, Option<u32>)) -> f64 {
    let (Some(own_beds), Some(other_beds)) = (own_beds, other_beds) else { return own };
    let beds = f64::from(own_beds) + f64::from(other_beds);
    if beds == 0.0 {
        return own;
    }
    (own * f64::from(own_beds) + other * f64::from(other_beds)) / beds
}

/// A hospital takes over what another one has.
fn unite(site: &mut Hospital, old: &Hospital, catalog: &Catalog) {
    let before = site.clone();
    site.staffed_share = united_share(site, old);
    site.from_beyond = united_from_beyond(site, old);
    site.care_level = united_level(site.care_level, old.care_level);
    site.emergency_level = site.emergency_level.max(old.emergency_level);
    if extent(old.kind) > extent(site.kind) {
        site.kind = old.kind;
    }
    site.unknown = site.unknown_with(old);
    let known = old.departments.iter().filter_map(|one| one.beds).map(u64::from).sum::<u64>();
    let more = old.beds.unwrap_or(u32::try_from(known).unwrap_or(u32::MAX));
    site.beds = site.beds.map(|total| total.saturating_add(more));
    site.day_places = sum(site.day_places, old.day_places);
    for department in &old.departments {
        receive(site, department.clone());
    }
    for facility in &old.facilities {
        match site.facilities.iter_mut().find(|one| one.kind == facility.kind) {
            Some(own) => raise(own, facility, catalog),
            None => site.facilities.push(facility.clone()),
        }
    }
    for source in &old.sources {
        if !site.sources.contains(source) {
            site.sources.push(source.clone());
        }
    }
    let moved = |path: &&String| path.starts_with("departments") || path.starts_with("facilities");
    for path in old.assumed.iter().filter(moved) {
        mark_assumed(site, path);
    }
    for (path, rule) in &old.derived {
        if moved(&path) && !site.is_assumed(path) && site.has_path(path) {
            site.derived.entry(path.clone()).or_insert_with(|| rule.clone());
        }
    }
    for (path, is_other) in [
        ("staffed_share", site.staffed_share != before.staffed_share),
        ("from_beyond", site.from_beyond != before.from_beyond),
        ("care_level", site.care_level != before.care_level),
        ("emergency_level", site.emergency_level != before.emergency_level),
        ("kind", site.kind != before.kind),
    ] {
        if is_other {
            mark(site, path);
        }
    }
    mark_other_hours(site, &before);
    site.drop_stale_marks();
}

/// That a department or facility is open at other hours than before is assumed.
fn mark_other_hours(site: &mut Hospital, before: &Hospital) {
    let mut paths = Vec::new();
    for department in &site.departments {
        let own = before.departments.iter().find(|own| own.specialty == department.specialty);
        if own.is_some_and(|own| own.hours != department.hours) {
            paths.push(format!("departments.{}.hours", department.specialty));
        }
    }
    for facility in &site.facilities {
        let own = before.facility(&facility.kind);
        if own.is_some_and(|own| own.hours != facility.hours) {
            paths.push(format!("facilities.{}.hours", facility.kind));
        }
    }
    paths.iter().for_each(|path| mark(site, path));
}

/// Of two facilities of a kind: the higher grade, both counts, open when either was.
fn raise(own: &mut Facility, other: &Facility, catalog: &Catalog) {
    // A grade that is stated beats one that nobody knows.
    let rank = |grade: &Option<String>| catalog.grade_rank(&own.kind, grade.as_deref());
    if rank(&other.grade) > rank(&own.grade) {
        own.grade.clone_from(&other.grade);
    }
    own.count = own.count.zip(other.count).map(|(own, more)| own.saturating_add(more));
    own.hours = own.hours.or(other.hours);
}

/// Puts one hospital in the place of another; whether two different ones are left.
fn is_left(parties: &mut Parties, from: &str, into: &str) -> bool {
    let renamed = |key: &mut String| {
        if key == from {
            into.clone_into(key);
        }
    };
    let mut seen = BTreeSet::new();
    match parties {
        Parties::Mutual(partners) => {
            partners.iter_mut().for_each(renamed);
            partners.retain(|key| seen.insert(key.clone()));
            partners.len() >= 2
        }
        Parties::Directed { from: giver, to } => {
            renamed(giver);
            to.iter_mut().for_each(renamed);
            to.retain(|key| key != giver && seen.insert(key.clone()));
            !to.is_empty()
        }
    }
}
