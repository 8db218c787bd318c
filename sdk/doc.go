// Package sdk is all that the author of a leat plugin imports.
//
// A plugin is a process that the leat host starts. Its main function calls one
// of ServeSource, ServeTransform and ServeSink with a configuration struct and
// a constructor; the SDK does the rest: it describes and checks the
// configuration, speaks both planes of the protocol, packs and unpacks records,
// and ends the process when the host is gone.
//
// Start reading at Source, Transform and Sink, then at Change and Message, the
// two kinds of record. What a plugin may do beyond its interface (Validator,
// ResumeValidator, HealthChecker, Snapshotter, TransactionalSink) stands in a file of its own each.
// It is found by the methods of the value that the constructor returned, for the
// configuration at hand: a value that wraps another must pass its methods on.
package sdk
