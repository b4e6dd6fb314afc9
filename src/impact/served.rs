//! What of a region's pathways a kind of cooperation in a field could serve, and between whom.

use super::Sought;
use super::candidates::{Market, Pair};
use crate::model::{HospitalId, Pathway};
use crate::pathways::Outage;
use crate::region::Region;

/// The pathways that a kind of cooperation in a field could serve.
///
/// ```
/// use verbund::Region;
/// use verbund::impact::{CandidateKind, Served, Sought};
/// use verbund::model::Pathway;
///
/// let region = Region::leipzig()?;
/// let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
/// let sought = Sought { kind: CandidateKind::Telemedicine, field: "neurology" };
/// let served = Served::new(&region, &pathways, sought);
/// let keys: Vec<&str> = served.pathways().iter().map(|pathway| pathway.key.as_str()).collect();
/// assert_eq!(keys, ["stroke", "stroke_lvo"]);
///
/// // Hubertusburg has neurology, Torgau a CT and an emergency stage; the other way round nobody could help.
/// let find = |key: &str| region.network().find(key).ok_or("no such hospital");
/// assert!(served.is_possible(find("fkh-hubertusburg")?, find("kkh-torgau")?));
/// assert!(!served.is_possible(find("kkh-torgau")?, find("fkh-hubertusburg")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Served<'a, 'r> {
    region: &'r Region,
    sought: Sought<'a>,
    pathways: Vec<&'r Pathway>,
    outage: Outage,
}

impl<'a, 'r> Served<'a, 'r> {
    /// Of these pathways, those with a stage or a transfer that such a cooperation could serve.
    pub fn new(region: &'r Region, pathways: &[&'r Pathway], sought: Sought<'a>) -> Self {
        let mut served = Self { region, sought, pathways: Vec::new(), outage: Outage::default() };
        for &pathway in pathways {
            if served.market().uses(&[pathway]) > 0 {
                served.pathways.push(pathway);
            }
        }
        served
    }

    /// These pathways, in the order of those that were asked about.
    pub fn pathways(&self) -> &[&'r Pathway] {
        &self.pathways
    }

    /// Whether it could run between two hospitals: the one has what it gives, and the other all that has to be on
    /// site, such as an emergency stage where the stage asks for one.
    pub fn is_possible(&self, from: HospitalId, to: HospitalId) -> bool {
        from != to && self.market().can_serve(Pair { from, to })
    }

    /// Whether one runs between them already, at all hours.
    pub fn exists(&self, from: HospitalId, to: HospitalId) -> bool {
        self.market().exists(Pair { from, to })
    }

    fn market(&self) -> Market<'_, 'r> {
        let Self { region, sought, pathways, outage } = self;
        Market { region, pathways, sought: *sought, outage }
    }
}
