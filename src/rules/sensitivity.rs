//! How robust the verdicts on supplements are.

use std::collections::BTreeSet;

use super::RulesError;
use super::supplement::{Supplement, SupplementSettings, SupplementTest};
use crate::model::Provision;
use crate::region::Region;

/// By how much roads are faster and slower.
pub const SPEED_SPREAD: f64 = 0.2;

/// By how many minutes limits are shorter and longer.
pub const LIMIT_SPREAD: u32 = 5;

/// What is different from the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// Speeds 20 % higher: every journey takes 1 / 1.2 of its time.
    Faster,
    /// Speeds 20 % lower: every journey takes 1 / 0.8 of its time.
    Slower,
    /// The limit five minutes shorter, the service area with it; at least one minute.
    Shorter,
    /// The limit five minutes longer, the service area with it.
    Longer,
    /// Another region, such as the people of another year.
    Other,
}

/// A hospital under one provision, in the base and in each variant.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplementRow {
    /// Key of the provision.
    pub provision: String,
    /// Key of the hospital.
    pub hospital: String,
    /// The test of the base; `None` where it is no suitable site there.
    pub base: Option<SupplementTest>,
    /// The tests of the variants, in the order of [`SupplementSensitivity::variants`].
    pub variants: Vec<Option<SupplementTest>>,
}

impl SupplementRow {
    /// Whether the verdict of a variant is another one than that of the base.
    pub fn is_changed(&self, variant: usize) -> bool {
        let verdict = |test: &Option<SupplementTest>| test.as_ref().map(SupplementTest::verdict);
        verdict(&self.variants[variant]) != verdict(&self.base)
    }
}

/// Which verdicts on supplements flip when roads, limits or people are a little different.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplementSensitivity {
    /// The variants.
    pub variants: Vec<Variant>,
    /// Every hospital inside that is suitable in the base or in a variant, provision by provision,
    /// by key.
    pub rows: Vec<SupplementRow>,
}

impl SupplementSensitivity {
    /// Tests the provisions on a region, on the variants, and on another region when there is one.
    ///
    /// Faster and slower roads scale every journey as a whole, access times included
    /// ([`Region::with_slower_roads`]). Hospitals of the other region are found by their keys.
    ///
    /// # Errors
    ///
    /// When a limit, five minutes longer, is beyond the region's cut-off.
    pub fn new(
        region: &Region,
        provisions: &[&Provision],
        settings: &SupplementSettings,
        other: Option<&Region>,
    ) -> Result<Self, RulesError> {
        let faster = region.with_slower_roads(1.0 / (1.0 + SPEED_SPREAD));
        let slower = region.with_slower_roads(1.0 / (1.0 - SPEED_SPREAD));
        let mut cases = vec![
            (Variant::Faster, &faster),
            (Variant::Slower, &slower),
            (Variant::Shorter, region),
            (Variant::Longer, region),
        ];
        cases.extend(other.map(|other| (Variant::Other, other)));
        let mut rows = Vec::new();
        for provision in provisions {
            let base = Supplement::new(region, provision, settings)?;
            let mut found = Vec::new();
            for (variant, region) in &cases {
                let provision = varied(provision, *variant);
                found.push((*region, Supplement::new(region, &provision, settings)?));
            }
            let suitable = std::iter::once((region, &base));
            let suitable = suitable.chain(found.iter().map(|(region, found)| (*region, found)));
            let keys: BTreeSet<&str> =
                suitable.flat_map(|(region, one)| inside(region, one)).collect();
            let test = |region: &Region, found: &Supplement, key: &str| {
                region.network().find(key).and_then(|id| found.of(id)).cloned()
            };
            rows.extend(keys.into_iter().map(|key| SupplementRow {
                provision: provision.key.clone(),
                hospital: key.to_owned(),
                base: test(region, &base, key),
                variants: found.iter().map(|(region, one)| test(region, one, key)).collect(),
            }));
        }
        Ok(Self { variants: cases.into_iter().map(|(variant, _)| variant).collect(), rows })
    }
}

/// The provision with the limit of a variant.
fn varied(provision: &Provision, variant: Variant) -> Provision {
    let minutes = match variant {
        Variant::Shorter => provision.minutes.saturating_sub(LIMIT_SPREAD).max(1),
        Variant::Longer => provision.minutes + LIMIT_SPREAD,
        Variant::Faster | Variant::Slower | Variant::Other => provision.minutes,
    };
    Provision { minutes, ..provision.clone() }
}

/// The keys of suitable hospitals inside.
fn inside<'r>(region: &'r Region, found: &Supplement) -> Vec<&'r str> {
    let hospitals = found.tests.iter().map(|test| &region.network()[test.hospital]);
    hospitals.filter(|one| !one.outside).map(|one| one.key.as_str()).collect()
}
