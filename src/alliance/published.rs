//! What is public of alliances: figures of official statistics and totals of the press, which come with the crate.

use std::collections::BTreeMap;

use serde::Serialize;

use super::error::AllianceError;
use super::indicators::IndicatorTable;
use super::read::{deprivation, read_dictionary, read_figures};
use crate::model::Network;
use crate::problem::Problems;

/// The totals of an alliance in a year, over all of its members, as a source says them; each may be missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AllianceTotals {
    /// The year.
    pub year: i16,
    /// Members.
    pub members: Option<u32>,
    /// Beds.
    pub beds: Option<u32>,
    /// Inpatients a year.
    pub inpatients: Option<u32>,
    /// Staff, in persons.
    pub staff: Option<u32>,
    /// Revenue a year in billions of euros.
    pub revenue_billion_eur: Option<f64>,
    /// Where it is said.
    pub source: String,
}

/// What is public of an alliance that the crate knows.
struct Public {
    alliance: &'static str,
    dictionary: &'static str,
    figures: &'static str,
    totals: &'static str,
}

// Compiled in, because the program needs no file beside it.
const AKG: Public = Public {
    alliance: "akg",
    dictionary: include_str!("../../networks/leipzig/alliances/akg/dictionary.csv"),
    figures: include_str!("../../networks/leipzig/alliances/akg/figures.csv"),
    totals: include_str!("../../networks/leipzig/alliances/akg/totals.csv"),
};

/// Indicators of an alliance that official statistics publish; a table without any where the crate knows of none.
///
/// Known is the alliance of large municipal hospitals (`akg`): 17 of its 30 members are named in sources, with beds, departments,
/// stage and modules of 2021 from the Verzeichnis der Krankenhäuser, © Statistisches Bundesamt (Destatis), 2023. Figures of a
/// member that the network's alliance does not have are left out. What a comparison by them cannot say stands in
/// [`PUBLIC_LIMITS`].
///
/// # Errors
///
/// When the network has no such alliance.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::{compare_members, ComparisonSettings, published_indicators};
///
/// let region = Region::leipzig()?;
/// let table = published_indicators(region.network(), "akg")?;
/// let beds = table.find_indicator("operator_beds").ok_or("no beds")?;
/// let comparison = compare_members(&table, &ComparisonSettings::default())?;
/// let st_georg = &comparison.indicators[beds].members[0];
/// assert_eq!((st_georg.value, st_georg.rank.rank), (869.0, 3)); // the third smallest of 17
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn published_indicators(
    network: &Network,
    alliance: &str,
) -> Result<IndicatorTable, AllianceError> {
    let table = IndicatorTable::new(network, alliance);
    let mut table = table.ok_or_else(|| AllianceError::unknown(network, alliance))?;
    if alliance == AKG.alliance {
        // Rows with a fault are left out: in another network a member may have left, or have another key.
        let _: Problems = read_dictionary("dictionary.csv", AKG.dictionary, &mut table);
        let _: Problems = read_figures(network, "figures.csv", AKG.figures, &mut table);
    }
    Ok(table)
}

/// The totals of an alliance by year, rising, as far as the crate knows any.
///
/// ```
/// use verbund::alliance::published_totals;
///
/// let totals = published_totals("akg");
/// assert_eq!((totals[0].year, totals[0].members), (2017, Some(22)));
/// assert_eq!((totals[4].year, totals[4].beds), (2025, Some(53_000)));
/// assert!(published_totals("tessa").is_empty());
/// ```
pub fn published_totals(alliance: &str) -> Vec<AllianceTotals> {
    if alliance != AKG.alliance {
        return Vec::new();
    }
    let mut totals = Vec::new();
    let mut reader = csv::Reader::from_reader(AKG.totals.as_bytes());
    for record in reader.records().map_while(Result::ok) {
        // An empty cell is a number that nobody published.
        let number = |column: usize| record.get(column).and_then(|cell| cell.parse().ok());
        let Some(year) = record.get(0).and_then(|cell| cell.parse().ok()) else { continue };
        totals.push(AllianceTotals {
            year,
            members: number(1),
            beds: number(2),
            inpatients: number(3),
            staff: number(4),
            revenue_billion_eur: record.get(5).and_then(|cell| cell.parse().ok()),
            source: record.get(6).unwrap_or_default().to_owned(),
        });
    }
    totals
}

/// The German Index of Socioeconomic Deprivation (GISD) of 2021 by the name of the district, for those of the network of Leipzig:
/// 0 is the least deprived of Germany, 1 the most. Robert Koch Institute, CC BY 4.0.
///
/// ```
/// let index = verbund::alliance::published_deprivation();
/// assert!(index["Landkreis Nordsachsen"] > index["Leipzig, Stadt"]);
/// ```
pub fn published_deprivation() -> BTreeMap<String, f64> {
    let text = include_str!("../../networks/leipzig/alliances/deprivation.csv");
    deprivation("deprivation.csv", text, None).0
}

/// What a comparison by [`published_indicators`] cannot say.
pub const PUBLIC_LIMITS: [&str; 4] = [
    "Beds are set-up beds of 2021 as hospitals report them, added up over all sites whose operator is the member; they are no \
     plan beds and no staffed ones.",
    "St. Georg's psychiatric wards are not in its row of that year, and a module for emergencies that is not reported is weak \
     evidence.",
    "Size and breadth say nothing of quality, cost or need, and nothing here is a figure that members exchange.",
    "Members without a name in sources are missing: a place among those who are named is no place among all.",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Folder;

    #[test]
    fn every_row_of_the_public_figures_is_read() {
        let network = Folder::leipzig().read().unwrap().network;
        let mut table = IndicatorTable::new(&network, "akg").unwrap();
        assert!(read_dictionary("d", AKG.dictionary, &mut table).is_empty());
        let faults = read_figures(&network, "f", AKG.figures, &mut table);
        assert!(faults.is_empty(), "{faults}");
        assert_eq!(table.members.len(), 17);
        assert_eq!(table.entries.len(), AKG.figures.lines().count() - 1);
        assert_eq!(published_totals("akg").len(), 5);
    }

    #[test]
    fn every_district_of_leipzigs_places_has_an_index() {
        let index = published_deprivation();
        let places = Folder::leipzig().read().unwrap().places.places;
        for place in &places {
            assert!((0.0..=1.0).contains(&index[&place.district]), "{}", place.district);
        }
    }

    #[test]
    fn beds_of_departments_add_up_to_those_of_the_operator() {
        let network = Folder::leipzig().read().unwrap().network;
        let table = published_indicators(&network, "akg").unwrap();
        let beds = table.find_indicator("operator_beds").unwrap();
        for member in 0..table.members.len() {
            let (mut total, mut parts) = (0.0, 0.0);
            for entry in table.entries.iter().filter(|entry| entry.member == member) {
                if entry.indicator == beds {
                    total = entry.figure.value();
                } else if table.indicators[entry.indicator].key.starts_with("operator_beds_") {
                    parts += entry.figure.value();
                }
            }
            assert_eq!(total, parts, "{}", table.members[member].key);
        }
    }
}
