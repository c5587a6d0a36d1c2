import Testing

/// All suites that measure time: one after the other, so that none is the noise in another's figures.
@Suite(.serialized) enum MeasurementTests {}
