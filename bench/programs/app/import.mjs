export { serve } from 'postern/app'
