package warehouse

import "fmt"

// Reason says which rule refused an operation; each transport has its own code for it.
type Reason int

// The rules that refuse operations.
const (
	Invalid            Reason = iota + 1 // the request breaks a rule of the service
	NotFound                             // no such dataset or table
	Duplicate                            // the dataset or table exists already
	InUse                                // the dataset still holds tables
	Precondition                         // If-Match names another etag than the current one
	StreamNotFound                       // no such write stream
	StreamFinalized                      // the stream takes no more rows
	StreamNotFinalized                   // the stream must be finalized before it is committed
	StreamCommitted                      // the stream was committed before
	StreamType                           // the operation is not for a stream of this type
	OffsetExists                         // rows were already received at the offset
	OffsetBeyond                         // the offset lies after the end of the stream
	Denied                               // the account lacks a permission, or the resource may not exist
)

// Error is a refusal by a rule of the service.
type Error struct {
	Reason  Reason
	Entity  string
	Message string
}

// Error returns the message as the service words it.
func (e *Error) Error() string { return e.Message }

func refuse(r Reason, entity, format string, args ...any) *Error {
	return &Error{Reason: r, Entity: entity, Message: fmt.Sprintf(format, args...)}
}
