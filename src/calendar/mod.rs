//! Days, moments and hours of the week.
//!
//! A [`Date`] is as exact as its source gives it, a [`DateTime`] is a minute of the civil calendar, and
//! [`Hours`] are hours that come back every week, such as `Mon-Fri 8-16`. Nothing here knows time zones or
//! holidays.

mod date;
mod date_time;
mod hours;

pub use date::{Date, ParseDateError};
pub use date_time::{DateTime, ParseDateTimeError};
pub use hours::{HourOfWeek, Hours, Moment, ParseHoursError, ParseMomentError};
