package fault

import (
	"time"

	"google.golang.org/grpc/codes"
)

// Unavailable ends the connection before the request has any effect.
func Unavailable() Outcome {
	return Outcome{Code: codes.Unavailable, Message: "The service is currently unavailable.", Break: true}
}

// AckLost ends the connection after the request took effect: the client cannot know.
func AckLost() Outcome {
	o := Unavailable()
	o.Applied = true
	return o
}

// StreamReset ends the connection as a reset HTTP/2 stream looks to a client, before the request has any effect.
func StreamReset() Outcome {
	return Outcome{Code: codes.Internal, Message: "stream terminated by RST_STREAM with error code: INTERNAL_ERROR", Break: true}
}

// Aborted answers the request with ABORTED, as the service does after prior failures on a connection.
func Aborted() Outcome {
	return Outcome{Code: codes.Aborted, Message: "Request processing is aborted because of prior failures."}
}

// ThroughputExceeded answers with the quota error that Google's clients retry by its text.
func ThroughputExceeded() Outcome {
	return Outcome{Code: codes.ResourceExhausted, Message: "Exceeds 'AppendRows throughput' quota, status: INSUFFICIENT_TOKENS"}
}

// QuotaExceeded answers with a quota error that the clients do not retry.
func QuotaExceeded() Outcome {
	return Outcome{Code: codes.ResourceExhausted, Message: "Quota exceeded: Your project exceeded quota for concurrent connections."}
}

// SlowAck holds the answer, and with it all later requests on the connection.
func SlowAck(d time.Duration) Outcome { return Outcome{Delay: d} }

// SchemaSignal makes the answer carry UpdatedSchema though nothing changed.
func SchemaSignal() Outcome { return Outcome{Signal: true} }

// BadRow refuses the request for one row.
func BadRow(index int, message string) Outcome { return Outcome{Rows: map[int]string{index: message}} }
