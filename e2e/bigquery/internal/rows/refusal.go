package rows

import "fmt"

// refusal is a message in the words of the service, which begin with a capital.
type refusal string

func (r refusal) Error() string { return string(r) }

func refusef(format string, args ...any) error { return refusal(fmt.Sprintf(format, args...)) }
