//! How quality reports find their rows of the directory, which has no numbers of hospitals.

use std::collections::{BTreeMap, HashMap};

use super::address::AddressKey;
use super::directory::Directory;
use super::directory_site::DirectorySite;
use super::faults::{ImportRemark, RemarkKind};
use super::known_sites::{KnownSite, KnownSites};
use super::quality_report::{QualityReport, ReportedCount};

/// How a report found its hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JoinedBy {
    /// By the number of its site.
    Number,
    /// By the number of its hospital (Institutionskennzeichen).
    Ik,
    /// By its address.
    Address,
    /// By its street.
    Street,
}

impl JoinedBy {
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Number => "the number of its site and the address of the register",
            Self::Ik => "the number of its hospital (IK), which has one site",
            Self::Address => "its address",
            Self::Street => "its street, without the number",
        }
    }
}

/// A report of a row of the directory.
#[derive(Debug, Clone, Copy)]
pub(super) struct JoinedReport<'f> {
    pub(super) report: &'f QualityReport,
    pub(super) by: JoinedBy,
}

/// A report that another one of the same site and year takes the place of.
#[derive(Debug, Clone, Copy)]
struct ReplacedReport<'f> {
    report: &'f QualityReport,
    in_use: &'f QualityReport,
}

/// The reports of each row of the directory, and those of no row.
#[derive(Default)]
pub(super) struct JoinedReports<'f> {
    /// By row, oldest first.
    by_row: HashMap<u32, Vec<JoinedReport<'f>>>,
    unjoined: Vec<&'f QualityReport>,
    replaced: Vec<ReplacedReport<'f>>,
}

impl<'f> JoinedReports<'f> {
    /// Finds the row of the directory of each report: by site number, then by the number of the hospital, then by
    /// address, then by street.
    pub(super) fn new(
        directory: &'f Directory,
        known: &'f [KnownSites],
        reports: &'f [QualityReport],
    ) -> Self {
        let rows = Rows::new(directory);
        let numbers = Numbers::new(known);
        let mut joined = Self::default();
        for report in reports {
            match row_of(report, &rows, &numbers) {
                Some((row, by)) => {
                    let of_row = joined.by_row.entry(row).or_default();
                    of_row.push(JoinedReport { report, by });
                }
                None => joined.unjoined.push(report),
            }
        }
        joined.keep_one_a_year();
        joined
    }

    /// The reports of a row of the directory, oldest first.
    pub(super) fn of_row(&self, row: u32) -> &[JoinedReport<'f>] {
        self.by_row.get(&row).map_or(&[], Vec::as_slice)
    }

    /// Whether no report has a row.
    pub(super) fn is_empty(&self) -> bool {
        self.by_row.is_empty()
    }

    /// Sorts the reports of each row by year, and keeps one of each year: the last by the names of the files.
    fn keep_one_a_year(&mut self) {
        for reports in self.by_row.values_mut() {
            reports.sort_by_key(|joined| (joined.report.year, &joined.report.file));
            let mut kept: Vec<JoinedReport<'_>> = Vec::new();
            for &joined in reports.iter() {
                if let Some(before) = kept.last()
                    && before.report.year == joined.report.year
                {
                    let replaced = ReplacedReport { report: before.report, in_use: joined.report };
                    self.replaced.push(replaced);
                    kept.pop();
                }
                kept.push(joined);
            }
            *reports = kept;
        }
        // The rows came in no order.
        self.replaced.sort_by_key(|replaced| &replaced.report.file);
    }

    /// Adds a remark for each report without a row of the directory, and for each that another one of its site and
    /// year takes the place of.
    pub(super) fn remark(&self, remarks: &mut Vec<ImportRemark>) {
        for ReplacedReport { report, in_use } in &self.replaced {
            let message = format!(
                "\"{}\" has two reports of {}, with {} and {} cases: {} is in use",
                report.name,
                report.year,
                cases_in_words(report),
                cases_in_words(in_use),
                in_use.file
            );
            let remark = ImportRemark::new(RemarkKind::Contradiction, "quality_report", message);
            remarks.push(remark.in_file(&report.file));
        }
        for report in &self.unjoined {
            let message = format!(
                "no site of the directory has the numbers or the address of \"{}\", {}",
                report.name,
                report.address.in_words()
            );
            let remark = ImportRemark::new(RemarkKind::NotJoined, "quality_report", message);
            remarks.push(remark.in_file(&report.file));
        }
    }
}

fn cases_in_words(report: &QualityReport) -> String {
    report.cases.map_or("no".to_owned(), ReportedCount::in_words)
}

/// The row of the directory of a report, by the surest of the ways that lead to one.
fn row_of(
    report: &QualityReport,
    rows: &Rows<'_>,
    numbers: &Numbers<'_>,
) -> Option<(u32, JoinedBy)> {
    // Numbers of sites were 01, 02 until 2019; those of later reports are the register's.
    if let Some(site) = numbers.by_site_number.get(report.site_number.as_str())
        && let Some(row) = rows.of_site(site)
    {
        return Some((row.row, JoinedBy::Number));
    }

    let by_address = rows.by_address.get(&report.address.key());
    let sites = numbers.by_ik.get(report.ik.as_str()).map_or(&[][..], Vec::as_slice);
    let mut rows_of_hospital = BTreeMap::new();
    for site in sites {
        if let Some(row) = rows.of_site(site) {
            rows_of_hospital.insert(row.row, row);
        }
    }
    // A hospital of several sites has one number: its address tells which one is meant.
    if by_address.is_none()
        && rows_of_hospital.len() == 1
        && let Some((row, _)) = rows_of_hospital.first_key_value()
    {
        return Some((*row, JoinedBy::Ik));
    }

    if !report.address.has_street() {
        // A postcode alone says nothing.
        return None;
    }
    if let Some(row) = by_address {
        return Some((row.row, JoinedBy::Address));
    }
    let same_street = rows.by_street.get(&report.address.street_key())?;
    match same_street[..] {
        [row] => Some((row.row, JoinedBy::Street)),
        _ => None,
    }
}

/// Rows of the directory by what reports may know of them. Where several rows share an address, the one with most
/// beds is meant: others are parts of it.
struct Rows<'f> {
    by_address: HashMap<AddressKey, &'f DirectorySite>,
    by_street: HashMap<AddressKey, Vec<&'f DirectorySite>>,
}

impl<'f> Rows<'f> {
    fn new(directory: &'f Directory) -> Self {
        let mut by_address: HashMap<AddressKey, &DirectorySite> = HashMap::new();
        let mut by_street: HashMap<AddressKey, Vec<&DirectorySite>> = HashMap::new();
        for site in &directory.sites {
            if !site.address.has_street() {
                continue;
            }
            by_street.entry(site.address.street_key()).or_default().push(site);
            let largest = by_address.entry(site.address.key()).or_insert(site);
            if site.beds > largest.beds {
                *largest = site;
            }
        }
        Self { by_address, by_street }
    }

    /// The row at the address of a known site.
    fn of_site(&self, site: &KnownSite) -> Option<&'f DirectorySite> {
        self.by_address.get(&site.address.key()).copied()
    }
}

/// Known sites by the numbers that reports and registers share.
struct Numbers<'f> {
    by_site_number: HashMap<&'f str, &'f KnownSite>,
    by_ik: HashMap<&'f str, Vec<&'f KnownSite>>,
}

impl<'f> Numbers<'f> {
    fn new(known: &'f [KnownSites]) -> Self {
        let mut by_site_number: HashMap<&str, &KnownSite> = HashMap::new();
        let mut by_ik: HashMap<&str, Vec<&KnownSite>> = HashMap::new();
        for file in known {
            for site in &file.sites {
                if let Some(number) = &site.site_number {
                    by_site_number.insert(number, site);
                }
                if let Some(ik) = &site.ik {
                    by_ik.entry(ik).or_default().push(site);
                }
            }
        }
        Self { by_site_number, by_ik }
    }
}
