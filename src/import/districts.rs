//! Keys of districts (Kreise), those that were merged, and those of city states.

use super::text::{is_digits, with_leading_zero};

// Files of several years meet in an import, and people type the keys that they remember.

/// Districts that were merged into others since 2007: old key, new key, first day of the new one. Districts
/// that were split among several others are left out.
const MERGED: [(&str, &str, &str); 72] = [
    ("03152", "03159", "2016-11-01"),
    ("03156", "03159", "2016-11-01"),
    ("05313", "05334", "2009-10-21"),
    ("05354", "05334", "2009-10-21"),
    ("13001", "13075", "2011-09-04"),
    ("13002", "13071", "2011-09-04"),
    ("13005", "13073", "2011-09-04"),
    ("13006", "13074", "2011-09-04"),
    ("13051", "13072", "2011-09-04"),
    ("13053", "13072", "2011-09-04"),
    ("13054", "13076", "2011-09-04"),
    ("13055", "13071", "2011-09-04"),
    ("13056", "13071", "2011-09-04"),
    ("13057", "13073", "2011-09-04"),
    ("13058", "13074", "2011-09-04"),
    ("13059", "13075", "2011-09-04"),
    ("13060", "13076", "2011-09-04"),
    ("13061", "13073", "2011-09-04"),
    ("13062", "13075", "2011-09-04"),
    ("14161", "14511", "2008-08-01"),
    ("14166", "14523", "2008-08-01"),
    ("14167", "14524", "2008-08-01"),
    ("14171", "14521", "2008-08-01"),
    ("14173", "14524", "2008-08-01"),
    ("14177", "14522", "2008-08-01"),
    ("14178", "14523", "2008-08-01"),
    ("14181", "14521", "2008-08-01"),
    ("14182", "14522", "2008-08-01"),
    ("14188", "14521", "2008-08-01"),
    ("14191", "14521", "2008-08-01"),
    ("14193", "14524", "2008-08-01"),
    ("14262", "14612", "2008-08-01"),
    ("14263", "14626", "2008-08-01"),
    ("14264", "14625", "2008-08-01"),
    ("14272", "14625", "2008-08-01"),
    ("14280", "14627", "2008-08-01"),
    ("14284", "14626", "2008-08-01"),
    ("14285", "14627", "2008-08-01"),
    ("14286", "14626", "2008-08-01"),
    ("14287", "14628", "2008-08-01"),
    ("14290", "14628", "2008-08-01"),
    ("14292", "14625", "2008-08-01"),
    ("14365", "14713", "2008-08-01"),
    ("14374", "14730", "2008-08-01"),
    ("14375", "14522", "2008-08-01"),
    ("14379", "14729", "2008-08-01"),
    ("14383", "14729", "2008-08-01"),
    ("14389", "14730", "2008-08-01"),
    ("15101", "15001", "2007-07-01"),
    ("15153", "15089", "2007-07-01"),
    ("15154", "15082", "2007-07-01"),
    ("15159", "15082", "2007-07-01"),
    ("15171", "15091", "2007-07-01"),
    ("15202", "15002", "2007-07-01"),
    ("15256", "15084", "2007-07-01"),
    ("15260", "15087", "2007-07-01"),
    ("15261", "15088", "2007-07-01"),
    ("15265", "15088", "2007-07-01"),
    ("15266", "15087", "2007-07-01"),
    ("15268", "15084", "2007-07-01"),
    ("15303", "15003", "2007-07-01"),
    ("15352", "15089", "2007-07-01"),
    ("15355", "15083", "2007-07-01"),
    ("15357", "15085", "2007-07-01"),
    ("15358", "15086", "2007-07-01"),
    ("15362", "15083", "2007-07-01"),
    ("15363", "15090", "2007-07-01"),
    ("15364", "15085", "2007-07-01"),
    ("15367", "15089", "2007-07-01"),
    ("15369", "15085", "2007-07-01"),
    ("15370", "15081", "2007-07-01"),
    ("16056", "16063", "2021-07-01"),
];

/// A district that took the place of an older one.
pub(super) struct Successor {
    /// Key of the new district.
    pub(super) district: &'static str,
    /// First day of the new district.
    pub(super) since: &'static str,
}

/// The district that this one was merged into.
pub(super) fn merged_into(district: &str) -> Option<Successor> {
    for &(old, new, since) in &MERGED {
        if old == district {
            return Some(Successor { district: new, since });
        }
    }
    None
}

/// The district of a municipality's key as of today: the first five digits, the whole city for parts of
/// Hamburg and Berlin, and the new district for one that was merged. `None` for a key that names no district.
pub(super) fn district_of(municipality: &str) -> Option<String> {
    // The two city states are one district each, and some sources number their boroughs behind the first digits.
    if let city @ ("02" | "11") = municipality.get(..2)? {
        return Some(format!("{city}000"));
    }

    let district = municipality.get(..5)?;
    if !is_digits(district) {
        return None;
    }
    // Tables of different years meet here: some still have Eisenach (16056) as a district of its own.
    let successor = merged_into(district);
    Some(successor.map_or(district, |successor| successor.district).to_owned())
}

/// The key of a municipality with the zero that a spreadsheet may have dropped (those of the first nine states).
pub(super) fn municipality_key(text: &str) -> String {
    with_leading_zero(text, 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn districts_of_city_states_and_merged_ones_are_those_of_today() {
        let district = |municipality: &str| district_of(municipality).unwrap_or_default();
        assert_eq!(district("14713000"), "14713");
        assert_eq!(district("02402403"), "02000");
        assert_eq!(district("11"), "11000");
        assert_eq!(district("16056000"), "16063");
        assert_eq!(district("06411"), "06411");
        assert_eq!(district_of("1"), None);
        assert_eq!(district_of("14x13000"), None);
    }

    #[test]
    fn no_district_is_merged_into_one_that_is_gone() {
        for (old, new, _) in MERGED {
            assert!(merged_into(new).is_none(), "{old}");
        }
        assert!(MERGED.is_sorted_by(|first, second| first.0 < second.0));
    }
}
