//! Numbers in bulk: they cross the border as typed arrays, not as lists of numbers.

use serde::{Serialize, Serializer};

macro_rules! typed_array {
    ($(#[$about:meta])* $name:ident, $number:ty, $array:ident) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(rename = stringify!($array)))]
        pub struct $name(pub Vec<$number>);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[cfg(target_arch = "wasm32")]
                return serde_wasm_bindgen::preserve::serialize(
                    &js_sys::$array::from(self.0.as_slice()),
                    serializer,
                );
                #[cfg(not(target_arch = "wasm32"))]
                self.0.serialize(serializer)
            }
        }
    };
}

typed_array!(
    /// A `Float32Array`.
    Floats,
    f32,
    Float32Array
);
typed_array!(
    /// A `Uint32Array`.
    Ids,
    u32,
    Uint32Array
);
#[cfg(feature = "train")]
typed_array!(
    /// A `Uint8Array`.
    Bytes,
    u8,
    Uint8Array
);
