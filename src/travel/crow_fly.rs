//! Travel time from distance alone.

use super::pairs::{self, Pairs};
use super::{HospitalJourneys, Limits, Stop, TravelError, TravelModel, TravelTimes};
use crate::model::{Margin, SpeedBand, TravelSettings};
use crate::units::{Metres, Seconds, in_words};
use crate::words;

/// Travel time from the great-circle distance: a model, not a road map.
///
/// Road distance = great-circle distance x `detour`. The journey takes `access`, plus each stretch
/// of the road distance at the speed of its band: with 35 km/h up to 3 km, 60 km/h up to 15 km and
/// 85 km/h beyond, the mean speed rises with the distance, as on real roads. Rounded to whole
/// seconds. Rivers without a bridge, motorways and rush hours are unknown to it.
///
/// ```
/// use verbund::model::{SpeedBand, TravelSettings};
/// use verbund::travel::CrowFly;
/// use verbund::units::Seconds;
///
/// let model = CrowFly::new(TravelSettings {
///     detour: 1.0,
///     access: Seconds::from_minutes(2),
///     speeds: vec![
///         SpeedBand { up_to_km: Some(3.0), km_per_hour: 30.0 },
///         SpeedBand { up_to_km: None, km_per_hour: 60.0 },
///     ],
///     margin: None,
/// })?;
/// // 2 minutes access, 3 km in 6 minutes, 7 km in 7 minutes
/// assert_eq!(model.time_over(10_000.0), Seconds::from_minutes(15));
/// # Ok::<(), verbund::travel::CrowFlyError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CrowFly {
    settings: TravelSettings,
    bands: Vec<Band>,
}

/// Greatest speed in kilometres per hour.
const FASTEST: f64 = 10_000.0;

/// A band with what lies before it: great-circle metres and seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Band {
    from_metres: f64,
    from_seconds: f64,
    seconds_per_metre: f64,
}

/// Parameters that make no travel model.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CrowFlyError {
    /// The detour factor is below 1 or no number.
    #[error("{}", said!("a detour factor of {error} is below 1", error = _0))]
    Detour(f64),
    /// A speed is not above 0, above 10,000 km/h, or no number.
    #[error("{}", said!("a speed of {error} km/h is not above 0 and at most 10,000", error = _0))]
    Speed(f64),
    /// The bands are empty, do not rise, or the last one has an end.
    #[error("{}", said!("the speed bands do not follow each other; ends must rise and the last band has none"))]
    Bands,
}

impl CrowFly {
    /// The model with these parameters.
    ///
    /// # Errors
    ///
    /// When a parameter is out of range or the bands do not follow each other.
    pub fn new(settings: TravelSettings) -> Result<Self, CrowFlyError> {
        if !(settings.detour >= 1.0 && settings.detour.is_finite()) {
            return Err(CrowFlyError::Detour(settings.detour));
        }
        let mut bands = Vec::with_capacity(settings.speeds.len());
        let (mut metres, mut seconds) = (0.0, f64::from(settings.access.0));
        let mut open = true;
        for band in &settings.speeds {
            if !(band.km_per_hour > 0.0 && band.km_per_hour <= FASTEST) {
                return Err(CrowFlyError::Speed(band.km_per_hour));
            }
            if !open {
                return Err(CrowFlyError::Bands);
            }
            let seconds_per_metre = 3.6 * settings.detour / band.km_per_hour;
            bands.push(Band { from_metres: metres, from_seconds: seconds, seconds_per_metre });
            match band.up_to_km {
                Some(end) if end * 1000.0 / settings.detour > metres => {
                    let next = end * 1000.0 / settings.detour;
                    seconds += (next - metres) * seconds_per_metre;
                    metres = next;
                }
                Some(_) => return Err(CrowFlyError::Bands),
                None => open = false,
            }
        }
        if open {
            return Err(CrowFlyError::Bands);
        }
        Ok(Self { settings, bands })
    }

    /// Straight ahead at one speed, without access time.
    ///
    /// # Errors
    ///
    /// When the speed is out of range.
    pub fn straight(km_per_hour: f64) -> Result<Self, CrowFlyError> {
        Self::new(TravelSettings {
            detour: 1.0,
            access: Seconds(0),
            speeds: vec![SpeedBand { up_to_km: None, km_per_hour }],
            margin: None,
        })
    }

    /// Its parameters.
    pub fn settings(&self) -> &TravelSettings {
        &self.settings
    }

    /// What it is with its parameters, in the language in force.
    fn described(&self) -> String {
        let speeds = &self.settings.speeds;
        let mut bands = Vec::with_capacity(speeds.len());
        for band in speeds {
            let speed = in_words(band.km_per_hour, 0);
            bands.push(match band.up_to_km {
                Some(end) => said!("{speed} km/h to {end} km", speed, end = in_words(end, 0)),
                None if speeds.len() == 1 => format!("{speed} km/h"),
                None => said!("{speed} km/h beyond", speed),
            });
        }
        said!(
            "crow-fly model (assumed; detour {detour}, access {access}, {bands})",
            detour = in_words(self.settings.detour, 0),
            access = self.settings.access,
            bands = bands.join(", ")
        )
    }

    /// Time over a great-circle distance in metres.
    pub fn time_over(&self, metres: f64) -> Seconds {
        // A few bands: going through them beats a search by halves.
        let mut band = self.bands[0];
        for next in &self.bands[1..] {
            if metres < next.from_metres {
                break;
            }
            band = *next;
        }
        let seconds = band.from_seconds + (metres - band.from_metres) * band.seconds_per_metre;
        Seconds((seconds + 0.5) as u32)
    }
}

impl TravelModel for CrowFly {
    fn name(&self) -> String {
        words::kept(|| self.described())
    }

    fn margin(&self) -> Option<Margin> {
        Some(self.settings.margin.clone().unwrap_or_else(Margin::crow_fly))
    }

    fn lists(
        &self,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
    ) -> Result<TravelTimes, TravelError> {
        pairs::lists(self, from, to, limits)
    }

    fn hospital_journeys(&self) -> HospitalJourneys {
        HospitalJourneys::Known
    }
}

impl Pairs for CrowFly {
    // Asked for every pair in reach, hundreds of millions for a country: in one piece with its caller the result
    // needs no place in memory.
    #[inline]
    fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Result<Option<Seconds>, TravelError> {
        Ok(Some(self.time_over(from.distance_to(to))))
    }

    fn reach(&self, limit: Seconds) -> Option<Metres> {
        // Times are rounded: what takes less than half a second more still counts.
        let limit = f64::from(limit.0) + 0.5;
        let metres = match self.bands.iter().rev().find(|band| band.from_seconds <= limit) {
            Some(band) => band.from_metres + (limit - band.from_seconds) / band.seconds_per_metre,
            None => 0.0,
        };
        Some(Metres(metres.ceil() as u32 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Position;

    fn settings(detour: f64, speeds: &[(Option<f64>, f64)]) -> TravelSettings {
        let speeds = speeds
            .iter()
            .map(|&(up_to_km, km_per_hour)| SpeedBand { up_to_km, km_per_hour })
            .collect();
        TravelSettings { detour, access: Seconds(60), speeds, margin: None }
    }

    #[test]
    fn the_time_of_a_journey_by_hand() {
        // 20 km as the crow flies are 26 km of road: 3 km at 30 km/h (360 s), 12 km at 60 km/h
        // (720 s), 11 km at 80 km/h (495 s), and 60 s access.
        let bands = [(Some(3.0), 30.0), (Some(15.0), 60.0), (None, 80.0)];
        let model = CrowFly::new(settings(1.3, &bands)).unwrap();
        assert_eq!(model.time_over(20_000.0), Seconds(60 + 360 + 720 + 495));
        assert_eq!(model.time_over(0.0), Seconds(60));
    }

    #[test]
    fn nothing_beyond_the_reach_arrives_in_time() {
        let bands = [(Some(3.0), 30.0), (Some(15.0), 60.0), (None, 80.0)];
        let model = CrowFly::new(settings(1.3, &bands)).unwrap();
        for limit in [0, 59, 60, 61, 419, 420, 421, 1140, 3600, 65_535] {
            let reach = model.reach(Seconds(limit)).unwrap();
            assert!(model.time_over(f64::from(reach.0)) > Seconds(limit), "{limit}");
        }
    }

    #[test]
    fn broken_parameters_are_refused() {
        let refused = |detour, bands: &[(Option<f64>, f64)]| {
            CrowFly::new(settings(detour, bands)).unwrap_err()
        };
        assert_eq!(refused(0.9, &[(None, 50.0)]), CrowFlyError::Detour(0.9));
        assert_eq!(refused(1.3, &[(None, 0.0)]), CrowFlyError::Speed(0.0));
        assert_eq!(refused(1.3, &[]), CrowFlyError::Bands);
        assert_eq!(refused(1.3, &[(Some(3.0), 50.0)]), CrowFlyError::Bands);
        assert_eq!(refused(1.3, &[(None, 50.0), (None, 60.0)]), CrowFlyError::Bands);
        let falling = [(Some(9.0), 30.0), (Some(3.0), 50.0), (None, 60.0)];
        assert_eq!(refused(1.3, &falling), CrowFlyError::Bands);
    }

    #[test]
    fn fast_distances_agree_with_the_great_circle_of_geo() {
        let position = |lat, lon| Position::new(lat, lon).unwrap();
        let points = [
            position(51.34, 12.38),
            position(51.35, 12.38),
            position(51.56, 13.0),
            position(54.8, 9.4),
            position(47.5, 11.1),
            position(40.7, -74.0),
            position(-33.9, 151.2),
            position(90.0, 0.0),
            position(-90.0, 0.0),
            position(0.0, 180.0),
        ];
        for a in points {
            for b in points {
                let fast = Stop::new("a", a).distance_to(&Stop::new("b", b));
                let slow = f64::from(a.distance_to(b).0);
                assert!((fast - slow).abs() <= 0.51, "{a:?} {b:?}: {fast} {slow}");
            }
        }
    }
}
