//! Every stay of a replication, row by row, as CSV or Parquet.

use std::io;

use serde::Serialize;

use super::flow::PatientFlow;
use super::sample::Sample;
use crate::queueing::{Outcome, Visit};
use crate::random::Seed;

/// One stay in a ward, or one part of it: a patient who goes on to another phase (such as the rest
/// of the stay of somebody who was not handed on) has a row for each.
///
/// Times are days from the region's day, below 0 before it: the warm-up is in the trace. The
/// [`Figure::Admissions`](super::Figure::Admissions) of a ward are its rows with `visit` 0 and
/// `started` from 0 on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stay<'f> {
    /// Key of the scenario, or "base".
    pub scenario: &'f str,
    /// Number of the replication, from 0.
    pub replication: u64,
    /// The patient: the same one in base and scenarios.
    pub patient: u64,
    /// Number of the patient's stay, from 0.
    pub visit: u32,
    /// Key of the place where the patient lives, of the largest one where places are put together; empty for
    /// patients who were there at the start, whose days count from then on.
    pub place: &'f str,
    /// Key of the specialty or care pathway.
    pub subject: &'f str,
    /// `emergency`, `elective`, `icu`, `after_icu`, `first_day`, `on`, `acute` or `back`.
    pub phase: &'f str,
    /// Key of the hospital; of the first choice for somebody who was let in nowhere.
    pub hospital: &'f str,
    /// Key of the ward's specialty; `intensive_care` for the intensive care unit.
    pub ward: &'f str,
    /// Key of the hospital that was the first choice.
    pub first_hospital: &'f str,
    /// The ward that was the first choice.
    pub first_ward: &'f str,
    /// When the patient came.
    #[serde(rename = "came_day")]
    pub came: f64,
    /// When the patient got a bed; `None` for a patient who never did.
    #[serde(rename = "started_day")]
    pub started: Option<f64>,
    /// When treatment ended; `None` when it did not.
    #[serde(rename = "ended_day")]
    pub ended: Option<f64>,
    /// When the patient went: later than `ended` for a patient who waited in the bed for another ward; `None`
    /// for one who is still there at the end.
    #[serde(rename = "went_day")]
    pub went: Option<f64>,
    /// Whether the patient was let in without a free bed.
    pub forced: bool,
    /// `left`, `moved`, `reneged`, `sent_away`, `lost` or `present`.
    pub outcome: &'static str,
}

impl Stay<'_> {
    /// The columns of a trace, in order.
    pub const COLUMNS: [&'static str; 18] = [
        "scenario",
        "replication",
        "patient",
        "visit",
        "place",
        "subject",
        "phase",
        "hospital",
        "ward",
        "first_hospital",
        "first_ward",
        "came_day",
        "started_day",
        "ended_day",
        "went_day",
        "waited_days",
        "forced",
        "outcome",
    ];

    /// Days from coming to a bed; `None` for a patient who never got one.
    pub fn waited_days(&self) -> Option<f64> {
        self.started.map(|started| started - self.came)
    }
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Left => "left",
        Outcome::Moved => "moved",
        Outcome::Reneged => "reneged",
        Outcome::Rebooked => "rebooked",
        Outcome::SentAway => "sent_away",
        Outcome::Lost => "lost",
        Outcome::Present => "present",
    }
}

/// Runs a replication and calls `each` for every stay, in the order in which patients go; those
/// who are there at the end come last. Needs no more memory for a longer run.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::random::Seed;
/// use verbund::simulation::{CsvTrace, PatientFlow, Settings, trace};
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let settings = Settings::default().days(14).warm_up_days(7);
/// let flow = PatientFlow::new(&region, &settings, None)?;
/// let mut file = CsvTrace::new(Vec::new())?;
/// trace(&flow, Seed(1), 0, |stay| file.stay(stay))?;
/// let text = String::from_utf8(file.finish()?)?;
/// assert!(text.starts_with("scenario,replication,patient,visit,place"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The first error of `each`; the replication runs to its end, but nothing else is written.
pub fn trace<'f>(
    flow: &'f PatientFlow<'_>,
    seed: Seed,
    replication: u64,
    mut each: impl FnMut(&Stay<'f>) -> io::Result<()>,
) -> io::Result<Sample> {
    let network = flow.region().network();
    let (wards, built, model) = (flow.wards(), &flow.built, flow.model());
    let ward = |station: u32| {
        let ward = &wards[station as usize];
        (network[ward.hospital].key.as_str(), ward.specialty.as_str())
    };
    let warm_up = model.warm_up;
    let day = |time: f64| time - warm_up;
    let mut result = Ok(());
    let sample = flow.watch(seed, replication, &mut |visit: &Visit| {
        // A run cannot be left from within; the rest of it is only not written.
        if result.is_err() {
            return;
        }
        // Patients of the start, and those from beyond the places, came from no place that is known.
        let label = built.streams.get(visit.stream as usize);
        let place = label.and_then(|label| label.place);
        let place = place.map_or("", |place| &flow.region().place(place).key);
        let class = model.classes[visit.class as usize].key.as_str();
        let (subject, phase) = class.rsplit_once('/').unwrap_or((class, class));
        let (hospital, own_ward) = ward(visit.station);
        let (first_hospital, first_ward) = ward(visit.first);
        result = each(&Stay {
            scenario: flow.name(),
            replication,
            patient: visit.customer,
            visit: visit.visit,
            place,
            subject,
            phase,
            hospital,
            ward: own_ward,
            first_hospital,
            first_ward,
            came: day(visit.came),
            started: visit.started.map(day),
            ended: visit.ended.map(day),
            went: (visit.outcome != Outcome::Present).then(|| day(visit.went)),
            forced: visit.forced,
            outcome: name(visit.outcome),
        });
    });
    result.map(|()| sample)
}

/// A trace as CSV with the columns of [`Stay::COLUMNS`], days with six decimals.
#[derive(Debug)]
pub struct CsvTrace<W: io::Write>(csv::Writer<W>);

impl<W: io::Write> CsvTrace<W> {
    /// Writes the header.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn new(out: W) -> io::Result<Self> {
        let mut trace = Self(csv::Writer::from_writer(out));
        trace.0.write_record(Stay::COLUMNS)?;
        Ok(trace)
    }

    /// Writes a row.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn stay(&mut self, stay: &Stay<'_>) -> io::Result<()> {
        let days = |time: Option<f64>| time.map_or_else(String::new, |time| format!("{time:.6}"));
        self.0.write_record([
            stay.scenario,
            &stay.replication.to_string(),
            &stay.patient.to_string(),
            &stay.visit.to_string(),
            stay.place,
            stay.subject,
            stay.phase,
            stay.hospital,
            stay.ward,
            stay.first_hospital,
            stay.first_ward,
            &days(Some(stay.came)),
            &days(stay.started),
            &days(stay.ended),
            &days(stay.went),
            &days(stay.waited_days()),
            if stay.forced { "true" } else { "false" },
            stay.outcome,
        ])?;
        Ok(())
    }

    /// Writes what is left, and gives the writer back.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

#[cfg(feature = "parquet")]
pub use columns::ParquetTrace;

#[cfg(feature = "parquet")]
mod columns {
    //! The same as columns.

    use std::io;
    use std::sync::Arc;

    use parquet::data_type::{
        BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
    };
    use parquet::errors::ParquetError;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
    use parquet::schema::parser::parse_message_type;

    use super::Stay;

    /// Stays that are kept in memory until they are written.
    const GROUP: usize = 65_536;

    const SCHEMA: &str = "
        message stays {
            REQUIRED BYTE_ARRAY scenario (STRING);
            REQUIRED INT64 replication (INTEGER(64, false));
            REQUIRED INT64 patient (INTEGER(64, false));
            REQUIRED INT32 visit (INTEGER(32, false));
            REQUIRED BYTE_ARRAY place (STRING);
            REQUIRED BYTE_ARRAY subject (STRING);
            REQUIRED BYTE_ARRAY phase (STRING);
            REQUIRED BYTE_ARRAY hospital (STRING);
            REQUIRED BYTE_ARRAY ward (STRING);
            REQUIRED BYTE_ARRAY first_hospital (STRING);
            REQUIRED BYTE_ARRAY first_ward (STRING);
            REQUIRED DOUBLE came_day;
            OPTIONAL DOUBLE started_day;
            OPTIONAL DOUBLE ended_day;
            OPTIONAL DOUBLE went_day;
            OPTIONAL DOUBLE waited_days;
            REQUIRED BOOLEAN forced;
            REQUIRED BYTE_ARRAY outcome (STRING);
        }";

    /// A trace as Parquet with the columns of [`Stay::COLUMNS`], uncompressed, keys by dictionary.
    pub struct ParquetTrace<'f, W: io::Write + Send> {
        writer: SerializedFileWriter<W>,
        stays: Vec<Stay<'f>>,
    }

    fn fault(error: ParquetError) -> io::Error {
        io::Error::other(error)
    }

    impl<'f, W: io::Write + Send> ParquetTrace<'f, W> {
        /// Writes the beginning of the file.
        ///
        /// # Errors
        ///
        /// When it cannot be written.
        pub fn new(out: W) -> io::Result<Self> {
            let schema = Arc::new(parse_message_type(SCHEMA).map_err(fault)?);
            let properties = WriterProperties::builder();
            let properties = properties
                .set_created_by(concat!("verbund ", env!("CARGO_PKG_VERSION")).to_owned());
            let properties = Arc::new(properties.build());
            let writer = SerializedFileWriter::new(out, schema, properties).map_err(fault)?;
            Ok(Self { writer, stays: Vec::with_capacity(GROUP) })
        }

        /// Adds a row.
        ///
        /// # Errors
        ///
        /// When a group of rows cannot be written.
        pub fn stay(&mut self, stay: &Stay<'f>) -> io::Result<()> {
            self.stays.push(*stay);
            if self.stays.len() == GROUP { self.flush().map_err(fault) } else { Ok(()) }
        }

        /// Writes what is left and the end of the file, and gives the writer back.
        ///
        /// # Errors
        ///
        /// When it cannot be written.
        pub fn finish(mut self) -> io::Result<W> {
            self.flush().and_then(|()| self.writer.into_inner()).map_err(fault)
        }

        fn flush(&mut self) -> Result<(), ParquetError> {
            if self.stays.is_empty() {
                return Ok(());
            }
            // Taken out, so that the group borrows the writer alone.
            let mut stays = std::mem::take(&mut self.stays);
            self.write(&stays)?;
            stays.clear();
            self.stays = stays;
            Ok(())
        }

        fn write(&mut self, stays: &[Stay<'f>]) -> Result<(), ParquetError> {
            let mut group = Group { writer: self.writer.next_row_group()?, stays };
            group.text(|stay| stay.scenario)?;
            group.all::<Int64Type>(|stay| stay.replication.cast_signed())?;
            group.all::<Int64Type>(|stay| stay.patient.cast_signed())?;
            group.all::<Int32Type>(|stay| stay.visit.cast_signed())?;
            group.text(|stay| stay.place)?;
            group.text(|stay| stay.subject)?;
            group.text(|stay| stay.phase)?;
            group.text(|stay| stay.hospital)?;
            group.text(|stay| stay.ward)?;
            group.text(|stay| stay.first_hospital)?;
            group.text(|stay| stay.first_ward)?;
            group.all::<DoubleType>(|stay| stay.came)?;
            group.some(|stay| stay.started)?;
            group.some(|stay| stay.ended)?;
            group.some(|stay| stay.went)?;
            group.some(Stay::waited_days)?;
            group.all::<BoolType>(|stay| stay.forced)?;
            group.text(|stay| stay.outcome)?;
            group.writer.close()?;
            Ok(())
        }
    }

    /// Rows that are written together, column by column.
    struct Group<'w, 'f, W: io::Write + Send> {
        writer: SerializedRowGroupWriter<'w, W>,
        stays: &'w [Stay<'f>],
    }

    impl<'f, W: io::Write + Send> Group<'_, 'f, W> {
        fn write<T: DataType>(
            &mut self,
            values: &[T::T],
            defined: Option<&[i16]>,
        ) -> Result<(), ParquetError> {
            let column = self.writer.next_column()?;
            let mut column = column.ok_or_else(|| ParquetError::General("no column".into()))?;
            column.typed::<T>().write_batch(values, defined, None)?;
            column.close()
        }

        fn all<T: DataType>(&mut self, of: impl Fn(&Stay<'f>) -> T::T) -> Result<(), ParquetError> {
            let values: Vec<T::T> = self.stays.iter().map(of).collect();
            self.write::<T>(&values, None)
        }

        fn text(&mut self, of: impl Fn(&Stay<'f>) -> &'f str) -> Result<(), ParquetError> {
            self.all::<ByteArrayType>(|stay| ByteArray::from(of(stay)))
        }

        fn some(&mut self, of: impl Fn(&Stay<'f>) -> Option<f64>) -> Result<(), ParquetError> {
            let values: Vec<f64> = self.stays.iter().filter_map(&of).collect();
            let is_there = |stay: &Stay<'f>| i16::from(of(stay).is_some());
            let defined: Vec<i16> = self.stays.iter().map(is_there).collect();
            self.write::<DoubleType>(&values, Some(&defined))
        }
    }
}
