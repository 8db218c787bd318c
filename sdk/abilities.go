package sdk

import (
	"errors"
	"reflect"
)

// abilities are what some instance of a plugin may be able to do, as far as its
// constructor's type tells. An instance itself is asked once it is there, which
// is when it is opened: what it can do may depend on its configuration.
type abilities struct{ transact, snapshot bool }

// mayBe says whether a value of type T may have an ability: certainly not only
// where T is not an interface and has not its methods.
func mayBe[T, Ability any]() bool {
	t := reflect.TypeFor[T]()
	return t.Kind() == reflect.Interface || t.Implements(reflect.TypeFor[Ability]())
}

var errNothing = errors.New("the constructor returned neither a plugin nor an error")

// made sees that a constructor returned something.
func made[T any](t T, err error) (T, error) {
	if err != nil {
		return t, err
	}
	v := reflect.ValueOf(&t).Elem()
	if k := v.Kind(); (k == reflect.Interface || k == reflect.Pointer) && v.IsNil() {
		return t, Permanent(errNothing)
	}
	return t, nil
}
