//! How robust verdicts are: on supplements, on minimum volumes.

use std::collections::BTreeSet;

use serde::Serialize;

use super::RulesError;
use super::supplement::{Supplement, SupplementSettings, SupplementTest};
use super::volumes::{ServiceVolumes, Volume, VolumeSettings, minimum_volumes};
use crate::model::{HospitalId, MinimumVolume, Provision};
use crate::region::Region;
use crate::routing::Choice;

/// By how much roads are faster and slower.
pub const SPEED_SPREAD: f64 = 0.2;

/// By how many minutes limits are shorter and longer.
pub const LIMIT_SPREAD: u32 = 5;

/// What is different from the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    ///
    /// # Panics
    ///
    /// When there is no such variant.
    pub fn is_changed(&self, variant: usize) -> bool {
        let verdict = self.variants[variant].as_ref().map(SupplementTest::verdict);
        verdict != self.base.as_ref().map(SupplementTest::verdict)
    }
}

/// Which verdicts on supplements flip when roads, limits or people are a little different.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// It costs as much as one [`Supplement`] for each provision and variant, and two copies of the region's
    /// journeys.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::rules::{SupplementSensitivity, SupplementSettings, Variant};
    ///
    /// let region = Region::leipzig()?;
    /// let provisions: Vec<_> = region.network().catalog().supplement.provisions.iter().collect();
    /// let settings = SupplementSettings::default();
    /// let found = SupplementSensitivity::new(&region, &provisions[..1], &settings, None)?;
    /// assert_eq!(found.variants[0], Variant::Faster);
    /// assert_eq!(found.variants.len(), 4); // faster, slower, shorter, longer
    /// assert!(found.rows.iter().all(|row| row.variants.len() == 4));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a limit, five minutes longer, is beyond the region's cut-off.
    pub fn new(
        region: &Region,
        provisions: &[&Provision],
        settings: &SupplementSettings,
        changed: Option<&Region>,
    ) -> Result<Self, RulesError> {
        let [faster, slower] = spread(region);
        let mut cases = vec![
            (Variant::Faster, &faster),
            (Variant::Slower, &slower),
            (Variant::Shorter, region),
            (Variant::Longer, region),
        ];
        if let Some(changed) = changed {
            cases.push((Variant::Other, changed));
        }
        let mut rows = Vec::new();
        for provision in provisions {
            let base = Evaluated::of(region, Supplement::new(region, provision, settings)?);
            let mut variants = Vec::new();
            for (variant, region) in &cases {
                let provision = varied(provision, *variant);
                variants
                    .push(Evaluated::of(region, Supplement::new(region, &provision, settings)?));
            }
            let mut keys: BTreeSet<&str> = BTreeSet::new();
            for case in variants.iter().chain([&base]) {
                for test in &case.result.tests {
                    keys.extend(case.key_inside(test.hospital));
                }
            }
            for key in keys {
                rows.push(SupplementRow {
                    provision: provision.key.clone(),
                    hospital: key.to_owned(),
                    base: base.test(key),
                    variants: variants.iter().map(|case| case.test(key)).collect(),
                });
            }
        }
        Ok(Self { variants: cases.into_iter().map(|(variant, _)| variant).collect(), rows })
    }
}

/// A service at one site, in the base and in each variant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct VolumeRow {
    /// Key of the service.
    pub service: String,
    /// Key of the hospital.
    pub hospital: String,
    /// The volume of the base; `None` where it has no such service there.
    pub base: Option<Volume>,
    /// The volumes of the variants, in the order of [`VolumeSensitivity::variants`].
    pub variants: Vec<Option<Volume>>,
}

impl VolumeRow {
    /// Whether a variant is on the other side of the line than the base, or has no such service.
    ///
    /// # Panics
    ///
    /// When there is no such variant.
    pub fn is_changed(&self, variant: usize) -> bool {
        match (&self.variants[variant], &self.base) {
            (Some(volume), Some(base)) => volume.is_enough != base.is_enough,
            (volume, base) => volume.is_some() != base.is_some(),
        }
    }
}

/// Which verdicts on minimum volumes flip when roads or people are a little different. The law sets the
/// lines, so they are not varied.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct VolumeSensitivity {
    /// The variants: faster and slower roads, and the other region where there is one.
    pub variants: Vec<Variant>,
    /// Every hospital inside that has the service in the base or in a variant, service by service, by key.
    pub rows: Vec<VolumeRow>,
}

impl VolumeSensitivity {
    /// Counts services on a region, on faster and slower roads, and on another region when there is one.
    ///
    /// Roads scale every journey as a whole, as for supplements. Where everybody goes to the nearest
    /// hospital, that changes nothing but who is within the cut-off. Cases are expected ones: a count does
    /// not know of other roads or people. Services that no rate of demand counts are left out.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::routing::{Choice, Huff};
    /// use verbund::rules::{Variant, VolumeSensitivity};
    ///
    /// let region = Region::leipzig()?;
    /// let services: Vec<_> = region.network().catalog().minimum_volumes.services.iter().collect();
    /// let choice = Choice::Huff(Huff::default());
    /// let found = VolumeSensitivity::new(&region, &services, choice, None)?;
    /// assert_eq!(found.variants, [Variant::Faster, Variant::Slower]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`minimum_volumes`].
    pub fn new(
        region: &Region,
        services: &[&MinimumVolume],
        choice: Choice,
        changed: Option<&Region>,
    ) -> Result<Self, RulesError> {
        let [faster, slower] = spread(region);
        let mut cases = vec![(Variant::Faster, &faster), (Variant::Slower, &slower)];
        if let Some(changed) = changed {
            cases.push((Variant::Other, changed));
        }
        let mut rows = Vec::new();
        for &service in services {
            // Without a rate nothing is expected, and a count knows of no variant.
            if service.counted_by.is_none() {
                continue;
            }
            let settings = VolumeSettings { use_counts: false, ..choice.into() };
            let base = Evaluated::of(region, minimum_volumes(region, service, settings)?);
            let mut variants = Vec::new();
            for (_, region) in &cases {
                variants.push(Evaluated::of(region, minimum_volumes(region, service, settings)?));
            }
            let mut keys: BTreeSet<&str> = BTreeSet::new();
            for case in variants.iter().chain([&base]) {
                for volume in &case.result.volumes {
                    keys.extend(case.key_inside(volume.hospital));
                }
            }
            for key in keys {
                rows.push(VolumeRow {
                    service: service.key.clone(),
                    hospital: key.to_owned(),
                    base: base.volume(key),
                    variants: variants.iter().map(|case| case.volume(key)).collect(),
                });
            }
        }
        Ok(Self { variants: cases.into_iter().map(|(variant, _)| variant).collect(), rows })
    }
}

/// What a region gives; its hospitals have ids of their own.
struct Evaluated<'r, T> {
    region: &'r Region,
    result: T,
}

impl<'r, T> Evaluated<'r, T> {
    fn of(region: &'r Region, result: T) -> Self {
        Self { region, result }
    }

    /// The key of a hospital that is inside.
    fn key_inside(&self, id: HospitalId) -> Option<&'r str> {
        let hospital = &self.region.network()[id];
        (!hospital.outside).then_some(hospital.key.as_str())
    }
}

impl Evaluated<'_, Supplement> {
    fn test(&self, key: &str) -> Option<SupplementTest> {
        let id = self.region.network().find(key)?;
        self.result.of(id).cloned()
    }
}

impl Evaluated<'_, ServiceVolumes> {
    fn volume(&self, key: &str) -> Option<Volume> {
        let id = self.region.network().find(key)?;
        self.result.volumes.iter().find(|volume| volume.hospital == id).cloned()
    }
}

/// The region on faster and on slower roads.
fn spread(region: &Region) -> [Region; 2] {
    // A speed 20 % higher takes 1 / 1.2 of the time, not 0.8 of it.
    [1.0 + SPEED_SPREAD, 1.0 - SPEED_SPREAD].map(|speed| region.with_slower_roads(1.0 / speed))
}

/// The provision with the limit of a variant.
fn varied(provision: &Provision, variant: Variant) -> Provision {
    // The service area follows the limit unless it is set (`SupplementSettings::service_area`).
    let minutes = match variant {
        Variant::Shorter => provision.minutes.saturating_sub(LIMIT_SPREAD).max(1),
        Variant::Longer => provision.minutes + LIMIT_SPREAD,
        Variant::Faster | Variant::Slower | Variant::Other => provision.minutes,
    };
    Provision { minutes, ..provision.clone() }
}
