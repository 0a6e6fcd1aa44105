//! Gradient clipping (Pascanu et al. 2013).

/// The length of all gradients as one vector.
pub fn norm(gradients: &[Vec<f32>]) -> f64 {
    let squares = gradients.iter().map(|gradient| {
        let parts = gradient.chunks(1 << 9);
        parts
            .map(|part| f64::from(crate::nn::vector::sum(part, |x| x * x)))
            .sum::<f64>()
    });
    squares.sum::<f64>().sqrt()
}
