//! Fields: who has a department of one, and of which two hospitals could agree on anything.

use std::collections::BTreeSet;

use crate::impact::{CandidateKind, Served, Sought};
use crate::model::{HospitalId, Pathway};
use crate::region::Region;

/// The hospitals with a department of a field in which patients lie, in their order.
pub(super) fn with_department(
    region: &Region,
    hospitals: &[HospitalId],
    field: &str,
) -> Vec<HospitalId> {
    let mut with = hospitals.to_vec();
    // A day clinic has no beds that could be shared, and nobody is brought to it.
    with.retain(|id| region.network()[*id].inpatient_department(field).is_some());
    with
}

/// The fields of which an agreement of two hospitals could say something that can be worked out: some pathway could
/// be served between them or at others, or both have a department. In the order of the catalog, specialties first.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::Region;
/// use verbund::agreement::fields_between;
/// use verbund::model::Pathway;
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
/// let [north, south] = ["north", "south"].map(|key| region.network().find(key).unwrap());
/// let fields = fields_between(&region, &pathways, north, south);
/// assert!(fields.contains(&"neurology".to_owned())); // north can help south
/// assert!(fields.contains(&"obstetrics".to_owned())); // both have a department
/// assert!(!fields.contains(&"cardiology".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fields_between(
    region: &Region,
    pathways: &[&Pathway],
    a: HospitalId,
    b: HospitalId,
) -> Vec<String> {
    let catalog = region.network().catalog();
    // Kinds by field are few, and a pathway that names a field is cheap to find: only then are the two looked at.
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for pathway in pathways {
        named.extend(pathway.transfer.fields.iter().map(String::as_str));
        for stage in &pathway.stages {
            for way in &stage.ways {
                named.extend(way.fields());
            }
        }
    }
    // Each way: the one that lacks a field may be helped by the other.
    let is_served = |field: &str| {
        CandidateKind::ALL.into_iter().any(|kind| {
            let sought = Sought { kind, field };
            let served = Served::new(region, pathways, sought);
            served.is_possible(a, b) || served.is_possible(b, a)
        })
    };

    let mut fields = Vec::new();
    for field in catalog.field_keys() {
        let is_of_both = with_department(region, &[a, b], field).len() == 2;
        if is_of_both || (named.contains(field) && is_served(field)) {
            fields.push(field.to_owned());
        }
    }
    fields
}
